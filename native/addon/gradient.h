// The classes Gradient and SpectralLoss of the addon: how a sound's distance from another follows from its plan.
#pragma once

#include <napi.h>

namespace amp::addon {

// [main]
Napi::Function define_gradient(Napi::Env env);
// [main]
Napi::Function define_spectral_loss(Napi::Env env);

} // namespace amp::addon

/* Renders a plan to raw 32-bit floats through the C API alone: C11, and nothing else of the engine is known here.
 *
 * render_plan PLAN FRAMES BLOCK WORKERS [NOTE:FRAME:FRAMES ...] > samples.f32
 * Each note is played on channel 1 from its frame on, for its frames. */
#include <amp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char* what, const char* why) {
    fprintf(stderr, "render_plan: %s: %s\n", what, why);
    return 1;
}

static char* read_file(const char* path, size_t* size) {
    FILE* file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char* bytes = NULL;
    size_t room = 0;
    *size = 0;
    for (;;) {
        if (*size == room) {
            room = room == 0 ? 65536 : room * 2;
            char* more = realloc(bytes, room);
            if (more == NULL) {
                break;
            }
            bytes = more;
        }
        const size_t got = fread(bytes + *size, 1, room - *size, file);
        if (got == 0) {
            break;
        }
        *size += got;
    }
    fclose(file);
    return bytes;
}

/* The whole number that the text is, or -1. */
static long whole_number(const char* text) {
    char* end = NULL;
    const long number = strtol(text, &end, 10);
    return end == text || *end != '\0' || number < 0 ? -1 : number;
}

static int post_note(amp_streamer* streamer, const char* text) {
    long note = 0, frame = 0, frames = 0;
    char rest = 0;
    if (sscanf(text, "%ld:%ld:%ld%c", &note, &frame, &frames, &rest) != 3 || note > 127 || frames < 0) {
        return 0;
    }
    const amp_event on = {
        .frame = frame, .kind = AMP_EVENT_NOTE_ON, .channel = 1, .note = (int32_t)note, .value = 0.8f};
    amp_event off = on;
    off.kind = AMP_EVENT_NOTE_OFF;
    off.frame = frame + frames;
    return amp_streamer_post(streamer, &on, NULL) == AMP_OK && amp_streamer_post(streamer, &off, NULL) == AMP_OK;
}

int main(int count, char** arguments) {
    if (count < 5) {
        return fail("usage", "render_plan PLAN FRAMES BLOCK WORKERS [NOTE:FRAME:FRAMES ...]");
    }
    long numbers[3]; /* frames, block, workers */
    for (int i = 0; i < 3; ++i) {
        numbers[i] = whole_number(arguments[2 + i]);
        if (numbers[i] < 0 || (i > 0 && numbers[i] > INT32_MAX)) {
            return fail(arguments[2 + i], "not a whole number that fits");
        }
    }
    size_t size = 0;
    char* bytes = read_file(arguments[1], &size);
    if (bytes == NULL) {
        return fail(arguments[1], "cannot be read");
    }
    amp_error error;
    amp_plan* plan = NULL;
    amp_streamer* streamer = NULL;
    const amp_status read = amp_plan_read(bytes, size, &plan, &error);
    free(bytes);
    if (read != AMP_OK) {
        return fail(arguments[1], error.message);
    }
    const amp_streamer_settings settings = amp_streamer_settings_offline((int32_t)numbers[1], (int32_t)numbers[2]);
    if (amp_streamer_create(plan, &settings, &streamer, &error) != AMP_OK) {
        amp_plan_free(plan);
        return fail(arguments[1], error.message);
    }
    amp_plan_free(plan);
    for (int i = 5; i < count; ++i) {
        if (!post_note(streamer, arguments[i])) {
            amp_streamer_free(streamer);
            return fail(arguments[i], "not NOTE:FRAME:FRAMES within range");
        }
    }
    enum { CHUNK = 4096 };
    const int channels = amp_streamer_channels(streamer);
    float* samples = malloc(sizeof(float) * CHUNK * (size_t)channels);
    int status = samples == NULL ? fail("memory", "not enough") : 0;
    for (long left = numbers[0]; status == 0 && left > 0;) {
        const int frames = left < CHUNK ? (int)left : CHUNK;
        if (amp_streamer_take(streamer, samples, frames, 60000000000LL, NULL) != AMP_OK) {
            status = fail("stream", "no frames within a minute");
        } else if (fwrite(samples, sizeof(float) * (size_t)channels, (size_t)frames, stdout) != (size_t)frames) {
            status = fail("output", "cannot be written");
        }
        left -= frames;
    }
    free(samples);
    amp_streamer_free(streamer);
    return status;
}

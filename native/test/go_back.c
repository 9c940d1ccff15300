/* Records a plan and goes back through the recording, again and again, through the C API alone, to be timed by others.
 *
 * go_back PLAN FRAMES BLOCK WORKERS
 * A recording has GONE_BACK frames; it is gone through as often as fits into FRAMES. What comes out is the sum of all
 * derivatives, so that nobody can leave the work out. */
#include <amp.h>
#include <stdio.h>
#include <stdlib.h>

enum { GONE_BACK = 1920 };

static int fail(const char* what, const char* why) {
    fprintf(stderr, "go_back: %s: %s\n", what, why);
    return 1;
}

static amp_plan* read_plan(const char* path, amp_error* error) {
    amp_plan* plan = NULL;
    FILE* file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    char* bytes = size > 0 ? malloc((size_t)size) : NULL;
    if (bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
        amp_plan_read(bytes, (size_t)size, &plan, error);
    }
    free(bytes);
    fclose(file);
    return plan;
}

static double sum_of(const double* values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        sum += values[i];
    }
    return sum;
}

int main(int count, char** arguments) {
    if (count != 5) {
        return fail("usage", "go_back PLAN FRAMES BLOCK WORKERS");
    }
    amp_error error = {AMP_E_ARGUMENT, "cannot be read"};
    amp_plan* plan = read_plan(arguments[1], &error);
    if (plan == NULL) {
        return fail(arguments[1], error.message);
    }
    const amp_gradient_settings settings = {
        .block = atoi(arguments[3]), .workers = atoi(arguments[4]), .frames = GONE_BACK};
    amp_gradient* gradient = NULL;
    const amp_status made = amp_gradient_create(plan, &settings, &gradient, &error);
    amp_plan_free(plan);
    if (made != AMP_OK || amp_gradient_record(gradient, NULL, &error) != AMP_OK) {
        amp_gradient_free(gradient);
        return fail(arguments[1], error.message);
    }
    const size_t values = (size_t)amp_gradient_channels(gradient) * GONE_BACK;
    const size_t parameters = amp_gradient_parameters(gradient), edges = amp_gradient_edges(gradient);
    double* by_sound = malloc(sizeof(double) * values);
    double* by_parameters = malloc(sizeof(double) * (parameters + 1));
    double* by_edge_gains = malloc(sizeof(double) * (edges + 1));
    int status = by_sound == NULL || by_parameters == NULL || by_edge_gains == NULL ? fail("memory", "not enough") : 0;
    for (size_t i = 0; status == 0 && i < values; ++i) {
        by_sound[i] = (double)(i % 7) - 3;
    }
    double sum = 0;
    for (long times = atol(arguments[2]) / GONE_BACK; status == 0 && times > 0; --times) {
        if (amp_gradient_backward(gradient, by_sound, by_parameters, by_edge_gains, &error) != AMP_OK) {
            status = fail(arguments[1], error.message);
        }
        sum += sum_of(by_parameters, parameters) + sum_of(by_edge_gains, edges);
    }
    printf("%g\n", sum);
    free(by_sound);
    free(by_parameters);
    free(by_edge_gains);
    amp_gradient_free(gradient);
    return status;
}

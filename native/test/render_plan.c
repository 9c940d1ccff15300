/* Renders a plan to raw 32-bit floats through the C API alone: C11, and nothing else of the engine is known here.
 *
 * render_plan PLAN FRAMES BLOCK WORKERS [NOTE:FRAME:FRAMES ...] [@FILE] > samples.f32
 * Each note is played on channel 1 from its frame on, for its frames. A file has one a line, in the order of their
 * frames; they are handed over as the render goes on, so that there may be any number. */
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

struct note {
    long key, frame, frames;
};

static int read_note(const char* text, struct note* note) {
    char rest = 0;
    return sscanf(text, "%ld:%ld:%ld%c", &note->key, &note->frame, &note->frames, &rest) == 3 && note->key >= 0 &&
           note->key <= 127 && note->frames >= 0;
}

static int post(amp_streamer* streamer, const struct note* note, amp_event_kind kind) {
    const amp_event event = {.frame = kind == AMP_EVENT_NOTE_ON ? note->frame : note->frame + note->frames,
                             .kind = kind,
                             .channel = 1,
                             .note = (int32_t)note->key,
                             .value = kind == AMP_EVENT_NOTE_ON ? 0.8f : 0.0f};
    return amp_streamer_post(streamer, &event, NULL) == AMP_OK;
}

static int post_note(amp_streamer* streamer, const char* text) {
    struct note note;
    return read_note(text, &note) && post(streamer, &note, AMP_EVENT_NOTE_ON) &&
           post(streamer, &note, AMP_EVENT_NOTE_OFF);
}

/* The notes of a file, in the order of their frames, and how far they have been handed over. */
struct score {
    struct note* notes;
    size_t count, begun, ended;
};

static int read_score(const char* path, struct score* score) {
    FILE* file = fopen(path, "r");
    char line[80];
    size_t room = 0;
    int good = file != NULL;
    while (good && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (score->count == room) {
            room = room == 0 ? 1024 : room * 2;
            struct note* more = realloc(score->notes, sizeof(struct note) * room);
            if (more == NULL) {
                good = 0;
                break;
            }
            score->notes = more;
        }
        good = read_note(line, &score->notes[score->count++]);
    }
    if (file != NULL) {
        fclose(file);
    }
    return good;
}

/* Hands over what is due before a frame, ends before begins; notes of one length end in the order of their begins. */
static int post_until(amp_streamer* streamer, struct score* score, long frame) {
    for (;;) {
        const struct note* next = score->begun < score->count ? &score->notes[score->begun] : NULL;
        const struct note* last = score->ended < score->begun ? &score->notes[score->ended] : NULL;
        const int ends = last != NULL && (next == NULL || last->frame + last->frames <= next->frame);
        if (ends && last->frame + last->frames < frame) {
            ++score->ended;
            if (!post(streamer, last, AMP_EVENT_NOTE_OFF)) {
                return 0;
            }
        } else if (!ends && next != NULL && next->frame < frame) {
            ++score->begun;
            if (!post(streamer, next, AMP_EVENT_NOTE_ON)) {
                return 0;
            }
        } else {
            return 1;
        }
    }
}

int main(int count, char** arguments) {
    if (count < 5) {
        return fail("usage", "render_plan PLAN FRAMES BLOCK WORKERS [NOTE:FRAME:FRAMES ...] [@FILE]");
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
    struct score score = {NULL, 0, 0, 0};
    for (int i = 5; i < count; ++i) {
        const int good =
            arguments[i][0] == '@' ? read_score(arguments[i] + 1, &score) : post_note(streamer, arguments[i]);
        if (!good) {
            free(score.notes);
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
        if (!post_until(streamer, &score, numbers[0] - left + frames)) {
            status = fail("notes", "not taken");
        } else if (amp_streamer_take(streamer, samples, frames, 60000000000LL, NULL) != AMP_OK) {
            status = fail("stream", "no frames within a minute");
        } else if (fwrite(samples, sizeof(float) * (size_t)channels, (size_t)frames, stdout) != (size_t)frames) {
            status = fail("output", "cannot be written");
        }
        left -= frames;
    }
    free(samples);
    free(score.notes);
    amp_streamer_free(streamer);
    return status;
}

/* The C API of the amp-live engine: C11, opaque handles, explicit sizes, no globals, no exceptions across it.
 *
 * Each function's comment ends with the thread that may call it: [main] an ordinary thread that may block, one at a
 * time for each handle; [any] any thread at any time, never blocks. docs/threads.md defines the roles.
 *
 * Functions that can fail return an amp_status and fill an amp_error if one is given. */
#ifndef AMP_H
#define AMP_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define AMP_API __attribute__((visibility("default")))
#else
#define AMP_API
#endif

/* A caller may hand over any number where an enumeration is wanted: C++ has that only of one with a type. */
#ifdef __cplusplus
#define AMP_ENUM_TYPE : int32_t
#else
#define AMP_ENUM_TYPE
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum amp_status AMP_ENUM_TYPE {
    AMP_OK = 0,
    AMP_E_ARGUMENT = 1,    /* an argument is out of its range */
    AMP_E_PLAN = 2,        /* the plan is corrupted or means nothing; nothing was built */
    AMP_E_UNSUPPORTED = 3, /* right, but not in this engine */
    AMP_E_MEMORY = 4,      /* not enough memory or address space */
    AMP_E_THREAD = 5,      /* the system gives no threads */
    AMP_E_TIMEOUT = 6,     /* the time ran out first */
    AMP_E_NOT_FOUND = 7,   /* no node of that name, or its plan plays no more */
    AMP_E_FULL = 8,        /* the event queue is full; the event was not taken */
    AMP_E_BUSY = 9,        /* not now: something that was asked for before is not done */
} amp_status;

/* What went wrong: a sentence that names the node, tap, edge or byte offset at fault, cut to fit and ended with 0. */
typedef struct amp_error {
    amp_status status;
    char message[500];
} amp_error;

/* A sentence for a status. [any] */
AMP_API const char* amp_status_text(amp_status status);

/* The engine's version, and the instruction set that it was built for ("x86-64-v4", ...). [any] */
AMP_API const char* amp_version(void);
AMP_API const char* amp_instruction_set(void);

/* ---- plans ---- */

typedef struct amp_plan amp_plan;

/* Reads and checks a plan; nothing is built. The bytes are not kept. Errors: AMP_E_PLAN with the offset or the name at
 * fault, AMP_E_MEMORY. [main] */
AMP_API amp_status amp_plan_read(const void* bytes, size_t size, amp_plan** plan, amp_error* error);

/* Frees a plan; streamers that were made from it go on. [main] */
AMP_API void amp_plan_free(amp_plan* plan);

/* The plan as JSON, and the declarations of all node types as JSON. At most `size` bytes are written, with a 0 at the
 * end; returns the bytes that the whole text needs, the 0 not counted, or 0 if memory is short. [main] */
AMP_API size_t amp_plan_json(const amp_plan* plan, char* text, size_t size);
AMP_API size_t amp_node_types_json(char* text, size_t size);

/* ---- streamers ---- */

typedef struct amp_streamer amp_streamer;

typedef struct amp_streamer_settings {
    int32_t block;     /* frames, 1 to 4096 */
    int32_t workers;   /* threads that compute, 1 to 64 */
    int32_t in_flight; /* blocks that may run at once, 1 to 64; with `live` 1 to 8, each above 1 a block of latency */
    int32_t output_frames; /* frames that the output holds: the most made at once for a take; 0: one block */
    int32_t real_time;     /* not 0: ask for a real-time class for the workers */
    int32_t journal;       /* not 0: keep applied events for amp_streamer_applied_events */
    int32_t live;          /* not 0: whoever plays its output memory paces it */
    int64_t first_frame;   /* where the stream begins, as after so long a silence: a multiple of the block; 0 live */
} amp_streamer_settings;

/* The settings that suit rendering to a file. [any] */
AMP_API amp_streamer_settings amp_streamer_settings_offline(int32_t block, int32_t workers);

/* Builds the plan and starts its workers. Errors: AMP_E_ARGUMENT, AMP_E_MEMORY, AMP_E_THREAD. [main] */
AMP_API amp_status amp_streamer_create(const amp_plan* plan, const amp_streamer_settings* settings,
                                       amp_streamer** streamer, amp_error* error);

/* Stops the workers and frees everything. [main] */
AMP_API void amp_streamer_free(amp_streamer* streamer);

/* Channels of the output. [any] */
AMP_API int32_t amp_streamer_channels(const amp_streamer* streamer);

/* Frames by which the output is later than the stream: the limiter's look-ahead. Output frame n is stream frame
 * n - latency. [any] */
AMP_API int32_t amp_streamer_latency(const amp_streamer* streamer);

/* Makes the next `frames` frames and copies them to `out`, channels side by side in each frame. No block begins that
 * nobody has asked for: events can be posted up to the block in which the frames end. Sleeps until the frames are made;
 * a negative time-out waits for ever. `taken` says how many were copied. Errors: AMP_E_TIMEOUT, AMP_E_UNSUPPORTED for a
 * streamer that a device paces. [main] */
AMP_API amp_status amp_streamer_take(amp_streamer* streamer, float* out, int32_t frames, int64_t timeout_ns,
                                     int32_t* taken);

typedef enum amp_event_kind AMP_ENUM_TYPE {
    AMP_EVENT_NOTE_ON = 0,       /* channel, note, value: velocity 0 to 1; 0 releases */
    AMP_EVENT_NOTE_OFF = 1,      /* channel, note */
    AMP_EVENT_PITCH_BEND = 2,    /* channel, value: semitones, -96 to 96 */
    AMP_EVENT_PRESSURE = 3,      /* channel, note or 255 for the whole channel, value: 0 to 1 */
    AMP_EVENT_TIMBRE = 4,        /* channel, value: 0 to 1 */
    AMP_EVENT_SUSTAIN = 5,       /* channel, value: above 0.5 the pedal is down */
    AMP_EVENT_ALL_NOTES_OFF = 6, /* channel, or 0 for all */
    AMP_EVENT_SET_PARAMETER = 7, /* node, parameter (index in its declaration), value in its unit */
    AMP_EVENT_SET_EDGE_GAIN = 8, /* node: index of the edge in the plan, value: its gain or depth, as a plain number */
    AMP_EVENT_SET_GATE = 9,    /* node: index of the gate in the plan, value: 0 closes, 1 opens, 2 does the opposite of
                                  what was asked last; it changes on its grid */
    AMP_EVENT_DRAIN_NODE = 10, /* node, value: 1 ends what enters the node's component, 0 lets it in again */
    AMP_EVENT_SHED_VOICE = 11, /* node: of the keys, parameter: number of the voice, which fades away within 2 ms and
                                  sleeps; the streamer does it by itself where "overload" of the plan allows it */
    AMP_EVENT_HAND_OVER =
        12, /* among applied events only: plan number `plan` took over; notes of its frame went to it */
} amp_event_kind;

typedef struct amp_event {
    int64_t frame;   /* stream frame at which it applies; a sealed one becomes the next block's first */
    int32_t kind;    /* amp_event_kind */
    int32_t channel; /* 1 to 16 */
    int32_t note;    /* 0 to 127 */
    uint32_t node;
    uint32_t parameter;
    float value;
    float rate;         /* AMP_EVENT_SET_*: most units a second on the way to the value; 0: no limit */
    float acceleration; /* AMP_EVENT_SET_*: most change of the rate a second; 0: no limit */
    float area;      /* AMP_EVENT_SET_*: most units times seconds between the way and the jump; 0: no limit. A move of
                        size D then takes 2 area / |D| seconds, or longer if the other limits ask for it */
    uint32_t plan;   /* AMP_EVENT_SET_*: number of the plan that node, parameter or edge are of; 0: the present one */
    int32_t at_once; /* AMP_EVENT_SET_PARAMETER, _EDGE_GAIN: not 0: acts when the stream is at its frame; 0: when the
                        material of its frame enters the node, later by the node's aligned latency */
} amp_event;

/* Hands over an event whose numbers lie in the ranges of amp_event_kind; events of one frame apply in the order in
 * which they were handed over, which their sequence numbers tell. `sequence` may be null. A parameter that is set
 * without limits of the event's own moves within those of its plan, at once if it has none. What is meant for
 * another plan than the one that plays at its frame reaches the same node, parameter, edge or gate there, or is lost if
 * there is none. Errors: AMP_E_ARGUMENT, AMP_E_FULL. [any] */
AMP_API amp_status amp_streamer_post(amp_streamer* streamer, const amp_event* event, uint32_t* sequence);

/* An event as it was applied: its frame is the one at which it took effect. */
typedef struct amp_applied_event {
    amp_event event;
    uint32_t sequence; /* as amp_streamer_post told it */
    int32_t was_late;  /* not 0: it was posted for a frame that was sealed, or that had no room for it */
} amp_applied_event;

/* Moves up to `most` applied events to `out`, in the order in which they were applied, and returns how many; none
 * unless the setting `journal` is on. Posted in this order to a streamer with any settings, they give the same frames.
 * When nobody reads, 65536 are kept; then events wait, and are late, so that none goes untold. One reader.
 * [main] */
AMP_API size_t amp_streamer_applied_events(amp_streamer* streamer, amp_applied_event* out, size_t most);

/* The index of the node called `id` in the present plan. Error: AMP_E_NOT_FOUND. [any] */
AMP_API amp_status amp_streamer_find_node(const amp_streamer* streamer, const char* id, uint32_t* node);

typedef enum amp_completion_mode AMP_ENUM_TYPE {
    AMP_COMPLETION_WAIT = 0, /* sleep until the node has finished the frames, or the time runs out */
    AMP_COMPLETION_POLL = 1, /* answer at once: AMP_OK or AMP_E_TIMEOUT */
    AMP_COMPLETION_DRAIN = 2 /* end what enters the node's component, sleep until what rang on in it is over */
} amp_completion_mode;

/* Waits until the node of the present plan has finished all frames below `frame`. The stream goes no further than its
 * output is taken, so another thread takes it, or the frames were taken before. WAIT and POLL flush nothing.
 *
 * DRAIN is an event at `frame`, or at the next one that is not sealed: from there on the edges that enter the node's
 * component from outside fade out, and it waits until the component's latencies and tails have run out. What never ends
 * runs into the time-out: a loop, an endless tail. The component then hears the defaults of its taps, until an
 * AMP_EVENT_DRAIN_NODE with the value 0 lets it go on; a time-out does not take the drain back.
 * Errors: AMP_E_ARGUMENT, AMP_E_TIMEOUT, AMP_E_FULL, AMP_E_NOT_FOUND when the plan ends first because another one has
 * taken over. [main] for WAIT and DRAIN, [any] for POLL */
AMP_API amp_status amp_wait_node_completion(amp_streamer* streamer, uint32_t node, int64_t frame,
                                            amp_completion_mode mode, int64_t timeout_ns);

/* The same for a node of plan number `plan` (0: the present one), which may have been followed by another one and ring
 * out. Error: AMP_E_NOT_FOUND also when that plan has ended before. [main] for WAIT and DRAIN, [any] for POLL */
AMP_API amp_status amp_wait_plan_node_completion(amp_streamer* streamer, uint32_t plan, uint32_t node, int64_t frame,
                                                 amp_completion_mode mode, int64_t timeout_ns);

typedef struct amp_arena_stats {
    uint64_t reserved;       /* bytes of address space */
    uint64_t committed;      /* bytes of memory */
    uint64_t used;           /* bytes handed out */
    uint64_t largest_hole;   /* bytes of the longest run of memory that nobody uses */
    uint64_t growths;        /* wheels that became longer, behind gates that hold, since the start */
    uint64_t failed_growths; /* that found no memory: the oldest of what waits is dropped instead */
    uint64_t moved_bytes;    /* that growths have copied */
    int64_t waited_ns;       /* that the stream has stood still because a growth was not ready */
} amp_arena_stats;

/* Of all plans that are there. [any] */
AMP_API amp_arena_stats amp_streamer_arena_stats(const amp_streamer* streamer);

/* The nodes of the present plan that run as one because its schedule has them in one cohort, as JSON: a list of objects
 * with "kind" ("lanes" side by side, or a "chain" of which each reads the one before), "nodes" (indices, in the order
 * of their lanes), "inputs" and "parameters" (how each is read: "side by side" in one ring, "gathered" from several,
 * "constant", "linked" from one link of a chain to the next). Text as that of amp_plan_json. [main] */
AMP_API size_t amp_streamer_cohorts_json(const amp_streamer* streamer, char* text, size_t size);

/* A wheel that became longer where it lies. */
typedef struct amp_growth {
    int64_t frame;         /* the first that was written into the longer one */
    uint32_t plan;         /* its number */
    uint32_t node, output; /* the tap that writes */
    uint64_t bytes_before, bytes_after;
    uint64_t moved_ahead;   /* bytes that were copied while the stream went on */
    uint64_t moved_between; /* bytes that were copied between two blocks */
    int64_t duration_ns;    /* since it was asked for */
    int64_t waited_ns;      /* that the stream stood still for it */
} amp_growth;

/* Moves up to `most` growths to `out`, oldest first, and returns how many. When 256 were not read, later ones are only
 * counted. [any] */
AMP_API size_t amp_streamer_growths(amp_streamer* streamer, amp_growth* out, size_t most);

typedef enum amp_node_fault_kind AMP_ENUM_TYPE {
    AMP_NODE_NOT_FINITE = 0, /* a lane gave a value that is not finite: it gives 0 until the next tick, where its state
                                begins anew */
    AMP_NODE_LATENCY = 1     /* what enters it leaves it earlier or later than its type declares */
} amp_node_fault_kind;

typedef struct amp_node_fault {
    int32_t kind;  /* amp_node_fault_kind */
    uint32_t plan; /* its number */
    uint32_t node;
    int32_t batch, channel; /* the lane that is not finite */
    int64_t frame;          /* the first bad one, or that of the answer, as the node counts frames */
    int64_t declared_latency, measured_latency; /* frames */
} amp_node_fault;

/* Moves up to `most` faults to `out`, oldest first, and returns how many. A lane tells one a second at most; when 256
 * were not read, later ones are dropped. [any] */
AMP_API size_t amp_streamer_node_faults(amp_streamer* streamer, amp_node_fault* out, size_t most);

typedef struct amp_event_counts {
    uint64_t late; /* came for a frame that was sealed */
    uint64_t lost; /* found no room, or nothing to set in the plan that played at their frame */
} amp_event_counts;

/* [any] */
AMP_API amp_event_counts amp_streamer_event_counts(const amp_streamer* streamer);

/* ---- gradients ---- */

/* How a number that follows from what a plan sounds like depends on what the plan says. A run plays the plan once, in
 * doubles, and records what each node did; from the derivatives of the number by the sound it then finds those by the
 * plan's parameters and edge gains, the same way back, through time, delays, loops, modulation, gates and voices.
 * Events, which voice a note takes, when a gate changes and seeds count as constants. The sound is that before the
 * limiter, and stream frame 0 comes first. */
typedef struct amp_gradient amp_gradient;

typedef struct amp_gradient_settings {
    int32_t block;           /* frames, 1 to 4096 */
    int32_t workers;         /* threads that compute, 1 to 64 */
    int64_t frames;          /* that are played, 1 to 2^31 */
    const amp_event* events; /* in the order in which they act; not kept. `plan` of each is 0 */
    size_t event_count;
} amp_gradient_settings;

/* Builds the plan; nothing is played yet. Errors: AMP_E_ARGUMENT, also for an event, which is named by its place;
 * AMP_E_MEMORY, AMP_E_THREAD. [main] */
AMP_API amp_status amp_gradient_create(const amp_plan* plan, const amp_gradient_settings* settings,
                                       amp_gradient** gradient, amp_error* error);

/* [main] */
AMP_API void amp_gradient_free(amp_gradient* gradient);

/* Bytes that the recording and the way back take: told before they are taken. [main] */
AMP_API uint64_t amp_gradient_bytes(const amp_gradient* gradient);

/* Channels of the sound; values that amp_gradient_backward gives: one for each batch lane of each parameter of each
 * node, in the plan's order; edges of the plan. [main] */
AMP_API int32_t amp_gradient_channels(const amp_gradient* gradient);
AMP_API size_t amp_gradient_parameters(const amp_gradient* gradient);
AMP_API size_t amp_gradient_edges(const amp_gradient* gradient);

/* Plays and records, and copies the sound to `sound`, channel after channel of the settings' frames, unless it is null.
 * Errors: AMP_E_MEMORY, AMP_E_ARGUMENT for more events than fit. [main] */
AMP_API amp_status amp_gradient_record(amp_gradient* gradient, double* sound, amp_error* error);

/* From the derivatives by the sound, laid out as the sound is, to those by the base of each parameter, in its unit, and
 * by the gain or depth of each edge, as a plain number. A base counts as far as the plan's own was heard and no event
 * had moved it. Errors: AMP_E_ARGUMENT before a recording; AMP_E_UNSUPPORTED with the node that cannot tell how what
 * enters it moves what it gives. [main] */
AMP_API amp_status amp_gradient_backward(amp_gradient* gradient, const double* by_sound, double* by_parameters,
                                         double* by_edge_gains, amp_error* error);

/* How far a sound is from another one that is wanted, judged by their spectra over windows of 64 to 2048 frames:
 * 0 where they are the same. Phases count only where something begins or ends at once. */
typedef struct amp_spectral_loss amp_spectral_loss;

/* `wanted` is not kept: channel after channel of `frames` values. Errors: AMP_E_ARGUMENT, AMP_E_MEMORY. [main] */
AMP_API amp_status amp_spectral_loss_create(const double* wanted, int32_t channels, int64_t frames,
                                            amp_spectral_loss** loss, amp_error* error);

/* [main] */
AMP_API void amp_spectral_loss_free(amp_spectral_loss* loss);

/* The distance of a sound, laid out as the wanted one is; its derivative by each value of the sound goes to `by_sound`
 * unless that is null. Several threads may ask at once. Error: AMP_E_MEMORY. [main] */
AMP_API amp_status amp_spectral_loss_measure(const amp_spectral_loss* loss, const double* sound, double* distance,
                                             double* by_sound, amp_error* error);

/* ---- hand-over from one plan to the next while the stream goes on ---- */

typedef enum amp_hand_over_kind AMP_ENUM_TYPE {
    AMP_HAND_OVER_RELOAD = 0,          /* nodes of equal id, type, options and shape go on, with their notes, echoes and
                                          movements; the old plan is faded out at once. Equal plans: no bit changes */
    AMP_HAND_OVER_AFTER_LAST_NOTE = 1, /* nothing goes on; the old plan rings until its voices and tails have run out,
                                          at most ring_seconds */
    AMP_HAND_OVER_AFTER_TIME = 2,      /* nothing goes on; the old plan rings for ring_seconds */
} amp_hand_over_kind;

typedef struct amp_hand_over_settings {
    int32_t kind;             /* amp_hand_over_kind */
    double crossfade_seconds; /* 0 to 10; equal power: the new plan fades in from its first frame, the old one out */
    double ring_seconds;      /* 0 to 3600 */
} amp_hand_over_settings;

/* A crossfade of 30 ms, and at most 30 seconds of ringing. [any] */
AMP_API amp_hand_over_settings amp_hand_over_settings_for(amp_hand_over_kind kind);

/* Makes a plan ready to take over from the present one, and tells its number: the first plan of a streamer is 1, and
 * each that is prepared has the next. What plays does not change, whatever this answers; a plan that was prepared
 * before and not handed over to is dropped. The output keeps its channels: a plan of one channel is heard on all, an
 * output of one channel gets the mean. Errors: AMP_E_ARGUMENT if the plan does not fit the stream, AMP_E_MEMORY,
 * AMP_E_BUSY while the hand-over before waits for its frame or too many plans ring out. [main] */
AMP_API amp_status amp_streamer_prepare(amp_streamer* streamer, const amp_plan* plan,
                                        const amp_hand_over_settings* settings, uint32_t* number, amp_error* error);

/* Hands over to the plan that was prepared, at stream frame `frame`: in a sealed block it becomes the first frame of
 * the next that is not, and in the crossfade of the hand-over before it the first frame after that. From then on events
 * go to the new plan; the old one gets what ends its notes. Error: AMP_E_ARGUMENT unless `plan` is prepared and waits.
 * [main] */
AMP_API amp_status amp_streamer_hand_over(amp_streamer* streamer, uint32_t plan, int64_t frame);

/* The frame at which the plan took over; -1 before. Error: AMP_E_NOT_FOUND when it is not there any more. [any] */
AMP_API amp_status amp_streamer_took_over(const amp_streamer* streamer, uint32_t plan, int64_t* frame);

/* The number of the plan that events go to. [any] */
AMP_API uint32_t amp_streamer_present_plan(const amp_streamer* streamer);

/* Frees the plans that are not heard any more, and returns how many are left, the present one among them. Call it now
 * and then after a hand-over; amp_streamer_prepare does it too. [main] */
AMP_API size_t amp_streamer_retire(amp_streamer* streamer);

/* ---- playing ---- */

/* A streamer with the setting `live` goes as far as whoever plays its output memory has asked, and `take` gives
 * nothing. Times are CLOCK_MONOTONIC in nanoseconds. For other streamers these functions answer AMP_E_UNSUPPORTED, or
 * with nothing. */

/* The settings that suit playing. [any] */
AMP_API amp_streamer_settings amp_streamer_settings_live(int32_t block, int32_t workers);

/* Hertz, and frames. [any] */
AMP_API double amp_streamer_sample_rate(const amp_streamer* streamer);
AMP_API int32_t amp_streamer_block(const amp_streamer* streamer);

/* The descriptor of the output memory, which another process opens as /proc/PID/fd/N; -1 if there is none. [any] */
AMP_API int amp_streamer_output_descriptor(const amp_streamer* streamer);

/* Frames begin to be asked for: by a clock of the streamer's own whenever no device program does. Nothing the second
 * time. Error: AMP_E_THREAD. [main] */
AMP_API amp_status amp_streamer_start_clock(amp_streamer* streamer);

/* The stream frame for something that arrived at `arrival_ns`: so late that its block is not sealed yet, and not
 * dependent on when in a block it came. [any] */
AMP_API int64_t amp_streamer_event_frame(const amp_streamer* streamer, int64_t arrival_ns);

/* When the device asks for a stream frame, which is heard so much later as the device itself takes. [any] */
AMP_API int64_t amp_streamer_frame_time(const amp_streamer* streamer, int64_t frame);

/* Copies what is made of the `frames` output frames from `frame` on, channels side by side, and takes nothing from
 * whoever plays; `copied` says how many. About ten seconds are kept. Errors: AMP_E_ARGUMENT, AMP_E_NOT_FOUND when
 * `frame` is overwritten. [any] */
AMP_API amp_status amp_streamer_read_output(const amp_streamer* streamer, int64_t frame, float* out, int32_t frames,
                                            int32_t* copied);

typedef struct amp_live_status {
    int64_t made;   /* output frames */
    int64_t clock;  /* the next output frame that is asked for */
    uint32_t owner; /* who asks: 0 is the streamer's own clock, else the token of a device program */
    int32_t workers;
    int32_t real_time_workers; /* that got the real-time class that they asked for */
    int64_t callbacks;         /* how often frames were asked for */
    int64_t last_callback_ns;
    int64_t device_frames;        /* that are asked for at once, at most */
    int64_t lookahead;            /* frames that may be made ahead of what was asked for */
    int64_t event_delay;          /* frames from an event's arrival to its frame */
    int64_t missed_frames;        /* asked for before they were made */
    int64_t anchors;              /* how often the clock went back to what is made */
    int64_t device_underflows;    /* that the device told of */
    int64_t device_losses;        /* device programs that stopped asking */
    double mean_load, worst_load; /* share of a block's time that making a block took, */
    int64_t load_until;           /* of the blocks up to this output frame */
    uint64_t late_events, lost_events;
    uint64_t shed_voices; /* that ended because the machine was too slow */
} amp_live_status;

/* How it plays; the load is that of the blocks from output frame `load_since` on, as far as they are kept, about four
 * seconds. [any] */
AMP_API amp_live_status amp_streamer_live_status(const amp_streamer* streamer, int64_t load_since);

typedef enum amp_xrun_cause AMP_ENUM_TYPE {
    AMP_XRUN_NODE_LATE = 0,      /* the computation took longer than there was time */
    AMP_XRUN_THREAD_NOT_RUN = 1, /* it would have been in time, but the system did not run a worker */
    AMP_XRUN_DEVICE_NOT_RUN = 2, /* the frames were ready, and the device did not come for them */
    AMP_XRUN_ANCHOR = 3,         /* the clock went back to what is made, by `frames` */
    AMP_XRUN_GROWTH = 4,         /* it would have been in time, but a wheel had to become longer first */
} amp_xrun_cause;

typedef struct amp_xrun {
    int64_t frame; /* the first output frame that was not played */
    int64_t frames;
    int32_t cause;         /* amp_xrun_cause */
    uint32_t node;         /* of the plan that played, that took longest in a late block, or UINT32_MAX */
    double cpu_seconds;    /* that the blocks took, since there was always something to compute */
    double wall_seconds;   /* from then until the block was made */
    double budget_seconds; /* from then until it was asked for */
} amp_xrun;

/* Moves up to `most` xruns to `out`, oldest first, and returns how many. The 256 latest are kept. One reader.
 * [main] */
AMP_API size_t amp_streamer_xruns(amp_streamer* streamer, amp_xrun* out, size_t most);

/* What is measured of a plan that plays. Times are in seconds. Means, percentiles and greatest values are taken over
 * the newest whole window of blocks: the first windows are 16, 32, 64, ... blocks long, later ones two seconds. Until
 * there is one they are 0. */
typedef struct amp_node_status {
    double last_seconds; /* that the node computed in the block */
    double mean_seconds;
    double p99_seconds; /* what 99 of 100 blocks did not exceed: never too small, too great by an eighth at most */
    double max_seconds;
    double share;   /* the mean as a share of a block's time */
    int64_t late;   /* blocks since the start that were asked for before they were made, and took this node longest */
    int64_t stood;  /* frames since the start that it has not made: a reader that blocks made it stand */
    int32_t stands; /* not 0: it stood as the block ended */
} amp_node_status;

typedef struct amp_edge_status {
    uint32_t from_node, from_output, to_node;
    int32_t is_parameter; /* not 0: it feeds a parameter rather than an input */
    uint32_t to_index;
    int64_t delay;             /* frames */
    int64_t depth;             /* frames that were not read yet, those that the delay or a gate holds among them */
    int64_t peak;              /* the most that there were in the window, before the reader fired */
    int64_t capacity;          /* frames that fit now */
    double oldest_age_seconds; /* since the oldest of them was produced, to the time that its block took; 0 if none */
    double mean_traversal_seconds; /* from the production of the oldest token that a firing reads to the firing */
    double max_traversal_seconds;
    uint64_t drops;   /* frames since the start that a gate held too long, and that nobody hears */
    uint64_t growths; /* how often the wheel became longer */
} amp_edge_status;

typedef struct amp_worker_status {
    double last_busy_seconds; /* that it ran nodes and the output in the block */
    double last_cpu_seconds;  /* that the system gave it since the end of the block before */
    double busy, idle, cpu;   /* shares of the window's time; busy and idle are 1 together */
} amp_worker_status;

#define AMP_SNAPSHOT_VERSION 3

/* Numbers that all belong to one complete block. Lists are in the plan's order; the caller gives room for them, which
 * may be null for none, and each is filled as far as it fits. */
typedef struct amp_snapshot {
    uint32_t version; /* of this struct, set by the caller: AMP_SNAPSHOT_VERSION */
    int64_t number;   /* blocks that are complete: 1, 2, 3, ...; 0 before the first, and all else is 0 */
    int64_t frame;    /* the first that is not made in them; without the output's latency */
    int64_t time_ns;  /* when the block was complete, by CLOCK_MONOTONIC */
    double block_seconds;
    double output_seconds; /* that summing, limiting and handing over the block's frames took */
    int64_t window_blocks;
    double window_seconds; /* from its begin to its end */
    amp_node_status* nodes;
    size_t node_room, node_count; /* entries: what fits, set by the caller, and what there are */
    amp_edge_status* edges;
    size_t edge_room, edge_count;
    amp_worker_status* workers;
    size_t worker_room, worker_count;
} amp_snapshot;

/* Fills the snapshot with what the newest complete block left behind; nodes and edges are those of the present plan. In
 * the block the times of all nodes and of the output are together those that the workers were busy. Errors:
 * AMP_E_ARGUMENT for a version that is not this engine's, AMP_E_UNSUPPORTED, AMP_E_TIMEOUT if blocks followed so fast
 * that none could be read whole. [any] */
AMP_API amp_status amp_streamer_snapshot(const amp_streamer* streamer, amp_snapshot* snapshot);

typedef enum amp_gate_state AMP_ENUM_TYPE {
    AMP_GATE_CLOSED = 0,
    AMP_GATE_OPEN = 1,
    AMP_GATE_CLOSING = 2, /* fades out */
    AMP_GATE_OPENING = 3, /* fades in */
} amp_gate_state;

typedef struct amp_gate_status {
    int32_t state;        /* amp_gate_state */
    int32_t opens;        /* not 0: the change that waits opens it */
    int64_t change_frame; /* of a change that waits for its grid; -1: none does */
    int64_t held;         /* frames that wait at it: the most of any of its members */
} amp_gate_status;

/* Fills `out` with the first `most` gates of the present plan, in its order, and returns how many there are. [any] */
AMP_API size_t amp_streamer_gates(const amp_streamer* streamer, amp_gate_status* out, size_t most);

/* A parameter, or the gain or depth of an edge, of which moves took more time than their area lets them: their rate or
 * their acceleration, which win, was too small. */
typedef struct amp_slow_moves {
    int32_t is_edge;    /* not 0: an edge */
    uint32_t node;      /* index of the node, or of the edge, in the plan */
    uint32_t parameter; /* index in the node's declaration; 0 of an edge */
    uint32_t moves;     /* how many: of all lanes together */
} amp_slow_moves;

/* Fills `out` with the first `most` of those of the present plan, node by node, and returns how many there are. They
 * are counted from when the plan took over, and before in the plan before if they go on. [any] */
AMP_API size_t amp_streamer_slow_moves(const amp_streamer* streamer, amp_slow_moves* out, size_t most);

/* The heat of one tap group of a node that has inputs, as after the newest tick that the node has finished. A node's
 * power and heat are those of all its groups, the graph's those of all nodes. */
typedef struct amp_heat {
    uint32_t node, input; /* of the plan; the group's first input */
    double power;         /* mean square a lane of what its inputs heard in the tick, summed over them */
    double heat;          /* degrees above the ambient temperature */
    double gain;          /* by which the node's inputs are made softer, as the patch asks; 1: not at all */
} amp_heat;

/* Fills `out` with the first `most` groups of the present plan, in its order, and returns how many there are. [any] */
AMP_API size_t amp_streamer_heat(const amp_streamer* streamer, amp_heat* out, size_t most);

/* Peak and root mean square of each channel over the last 50 ms that were made. Error: AMP_E_MEMORY. [main] */
AMP_API amp_status amp_streamer_levels(const amp_streamer* streamer, float* peak, float* rms);

#ifdef __cplusplus
}
#endif

#endif

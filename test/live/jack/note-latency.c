/* Measures, on the clock of a JACK server, how long a note sent by OSC takes until it stands in a port's sound.
 *
 * note-latency PORT TRIES: sends /note to UDP PORT on loopback and listens to what is connected to the server's first
 * playback port. Prints one line of JSON: the frames from each sending to the first sample that sounds, and the frames
 * that the server says lie between that port and the ear. A try without a sound within a second is -1. */
#include <arpa/inet.h>
#include <jack/jack.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static jack_port_t* input;
static atomic_uint onset;     /* frame time of the first sample that sounds */
static atomic_int listening;  /* 1: the next sample that sounds is the onset */
static atomic_uint last_loud; /* frame time of the newest sample that sounds */

static const float audible = 0.001F;

static int process(jack_nframes_t frames, void* client) {
    const float* samples = jack_port_get_buffer(input, frames);
    const jack_nframes_t begin = jack_last_frame_time(client);
    for (jack_nframes_t f = 0; f < frames; ++f) {
        if (fabsf(samples[f]) > audible) {
            if (atomic_load(&listening)) {
                atomic_store(&onset, begin + f);
                atomic_store(&listening, 0);
            }
            atomic_store(&last_loud, begin + f);
        }
    }
    return 0;
}

static size_t note_packet(char* packet, int note, float velocity) {
    memcpy(packet, "/note\0\0\0,iif\0\0\0\0", 16);
    uint32_t bits;
    memcpy(&bits, &velocity, sizeof bits);
    const uint32_t words[3] = {htonl(1), htonl((uint32_t)note), htonl(bits)};
    memcpy(packet + 16, words, sizeof words);
    return 28;
}

int main(int count, char** arguments) {
    if (count != 3) {
        fprintf(stderr, "note-latency PORT TRIES\n");
        return 2;
    }
    const int tries = atoi(arguments[2]);
    jack_client_t* client = jack_client_open("note-latency", JackNoStartServer, NULL);
    if (client == NULL) {
        fprintf(stderr, "there is no JACK server\n");
        return 3;
    }
    input = jack_port_register(client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    jack_set_process_callback(client, process, client);
    jack_activate(client);

    const char** playback = jack_get_ports(client, NULL, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput | JackPortIsPhysical);
    const char** sources = playback == NULL ? NULL : jack_port_get_all_connections(client, jack_port_by_name(client, playback[0]));
    if (sources == NULL || jack_connect(client, sources[0], jack_port_name(input)) != 0) {
        fprintf(stderr, "nothing plays to the server's first playback port\n");
        return 3;
    }
    jack_latency_range_t range;
    jack_port_get_latency_range(jack_port_by_name(client, sources[0]), JackPlaybackLatency, &range);

    const int socket_descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1]))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char packet[32];
    const jack_nframes_t rate = jack_get_sample_rate(client);
    printf("{\"source\":\"%s\",\"sampleRate\":%u,\"period\":%u,\"playbackLatency\":%u,\"delays\":[", sources[0], rate,
           jack_get_buffer_size(client), range.max);
    srand(1);
    for (int each = 0; each < tries; ++each) {
        /* Begin out of step with the server's periods, from silence. */
        while ((int32_t)(jack_frame_time(client) - atomic_load(&last_loud)) < (int32_t)(rate / 20)) {
            usleep(1000);
        }
        usleep((useconds_t)(rand() % 10000));
        const size_t on = note_packet(packet, 69, 1);
        const jack_nframes_t sent = jack_frame_time(client);
        atomic_store(&listening, 1);
        sendto(socket_descriptor, packet, on, 0, (struct sockaddr*)&to, sizeof to);
        for (int waited = 0; waited < 1000 && atomic_load(&listening); ++waited) {
            usleep(1000);
        }
        printf("%s%d", each == 0 ? "" : ",", atomic_exchange(&listening, 0) ? -1 : (int)(atomic_load(&onset) - sent));
        sendto(socket_descriptor, packet, note_packet(packet, 69, 0), 0, (struct sockaddr*)&to, sizeof to);
        usleep(5000);
    }
    printf("]}\n");
    close(socket_descriptor);
    jack_client_close(client);
    return 0;
}

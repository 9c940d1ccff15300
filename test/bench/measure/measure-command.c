/* Runs a command and tells what it cost.
 *
 * measure-command OUTPUT PROGRAM [ARGUMENT ...]
 * The program's standard output goes to the file OUTPUT. One line of JSON is written to our own: exit status, user and
 * system CPU and wall time in microseconds, peak of resident memory in KiB. The program is forked from this small
 * process, since the system counts a parent's memory as its child's until the child has become another program. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(struct timeval time) {
    return time.tv_sec * 1000000LL + time.tv_usec;
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static int fail(const char* what) {
    perror(what);
    return 127;
}

static int become(const char* output, char** command) {
    const int file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || dup2(file, STDOUT_FILENO) < 0) {
        return fail(output);
    }
    execvp(command[0], command);
    return fail(command[0]);
}

int main(int count, char** arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: measure-command OUTPUT PROGRAM [ARGUMENT ...]\n");
        return 2;
    }
    const long long start = now();
    const pid_t child = fork();
    if (child < 0) {
        return fail("fork");
    }
    if (child == 0) {
        _exit(become(arguments[1], arguments + 2));
    }
    int status = 0;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child) {
        return fail("wait4");
    }
    const long long wall = now() - start;
    printf("{\"status\":%d,\"user\":%lld,\"system\":%lld,\"wall\":%lld,\"peak\":%ld}\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), microseconds(usage.ru_utime),
           microseconds(usage.ru_stime), wall, usage.ru_maxrss);
    return 0;
}

/* cpu-time PID: the CPU time that a process has used, those of its threads that have ended too, in nanoseconds. clock_getcpuclockid(3). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    clockid_t clock;
    struct timespec used;
    if (argc != 2 || clock_getcpuclockid((pid_t)atoi(argv[1]), &clock) || clock_gettime(clock, &used)) {
        fprintf(stderr, "cpu-time: no process %s\n", argc > 1 ? argv[1] : "named");
        return 1;
    }
    printf("%lld\n", used.tv_sec * 1000000000LL + used.tv_nsec);
    return 0;
}

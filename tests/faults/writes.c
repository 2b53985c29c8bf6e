/* Notes every write, cut and sync of the files whose names end in $WRITES_OF or $WRITES_OF-wal, in order, with its
   bytes: what a disk that loses power may lose is everything after a file's last sync. With $FSYNC_MS set, each sync
   takes that much longer. Preloaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -2;

static int which(int fd) { /* 'd' the database, 'w' its log, 'a' the acknowledgements, 0 anything else */
    char link[64], name[4096];
    const char *of = getenv("WRITES_OF");
    if (!of) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name - 1);
    if (n <= 0) return 0;
    name[n] = 0;
    size_t base = strlen(of);
    if (strncmp(name, of, base)) return 0;
    if (!name[base]) return 'd';
    if (!strcmp(name + base, "-wal")) return 'w';
    return strcmp(name + base, ".ack") ? 0 : 'a';
}

static void note(char op, char file, uint64_t at, const void *data, uint64_t size) {
    struct { char op, file, pad[6]; uint64_t at, size; } head = {op, file, {0}, at, size};
    pthread_mutex_lock(&turn);
    if (log_fd == -2) {
        const char *path = getenv("WRITES_LOG");
        log_fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    }
    if (log_fd >= 0) {
        syscall(SYS_write, log_fd, &head, sizeof head);
        if (data) syscall(SYS_write, log_fd, data, size);
    }
    pthread_mutex_unlock(&turn);
}

static void late(void) {
    const char *ms = getenv("FSYNC_MS");
    if (ms) usleep((useconds_t)(atof(ms) * 1000));
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    int file = which(fd);
    if (file) note('w', (char)file, (uint64_t)at, data, size);
    return real(fd, data, size, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    int file = which(fd);
    if (file) note('w', (char)file, (uint64_t)lseek(fd, 0, SEEK_CUR), data, size);
    return real(fd, data, size);
}

int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    int file = which(fd);
    if (file) note('t', (char)file, (uint64_t)size, NULL, 0);
    return real(fd, size);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    int file = which(fd), done;
    late();
    done = real(fd);
    if (file && !done) note('s', (char)file, 0, NULL, 0);
    return done;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    int file = which(fd), done;
    late();
    done = real(fd);
    if (file && !done) note('s', (char)file, 0, NULL, 0);
    return done;
}

/* A disk whose plug can be pulled, and one that can be full; loaded before the C library.

   What is written to the database counts as on the disk only once it was synced: each sync copies
   the file to UNPLUGGED_DISK, so that this folder is what the worst of disks would still hold.
   While the file named by UNPLUGGED_FULL exists, nothing more can be written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

typedef ssize_t (*writer)(int, const void *, size_t, off_t);
typedef int (*syncer)(int);

static int path_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    const char *end = strstr(path, "tansiq.sqlite3");
    return end != NULL && (strcmp(end, "tansiq.sqlite3") == 0 || strcmp(end, "tansiq.sqlite3-wal") == 0);
}

static void copy(int file, const char *path) {
    const char *folder = getenv("UNPLUGGED_DISK");
    if (folder == NULL) return;
    char name[PATH_MAX + 256], held[PATH_MAX + 300], block[65536];
    snprintf(name, sizeof name, "%s/%s", folder, strrchr(path, '/') + 1);
    snprintf(held, sizeof held, "%s.%d.new", name, file);
    int out = open(held, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (out < 0) return;
    off_t at = 0;
    for (;;) {
        ssize_t got = pread(file, block, sizeof block, at);
        if (got <= 0) break;
        if (write(out, block, got) != got) break;
        at += got;
    }
    close(out);
    /* At once or not at all: the process may be killed while it copies. */
    rename(held, name);
}

static int is_full(void) {
    const char *mark = getenv("UNPLUGGED_FULL");
    return mark != NULL && access(mark, F_OK) == 0;
}

static ssize_t put(const char *name, int file, const void *from, size_t length, off_t at) {
    static writer real[2];
    int which = name[6] == '6';
    if (real[which] == NULL) real[which] = (writer)dlsym(RTLD_NEXT, name);
    char path[PATH_MAX];
    if (is_full() && path_of(file, path)) {
        errno = ENOSPC;
        return -1;
    }
    return real[which](file, from, length, at);
}

ssize_t pwrite(int file, const void *from, size_t length, off_t at) {
    return put("pwrite", file, from, length, at);
}

ssize_t pwrite64(int file, const void *from, size_t length, off64_t at) {
    return put("pwrite64", file, from, length, at);
}

static int sync_file(const char *name, int file) {
    static syncer real[2];
    int which = name[1] == 'd';
    if (real[which] == NULL) real[which] = (syncer)dlsym(RTLD_NEXT, name);
    int done = real[which](file);
    char path[PATH_MAX];
    if (done == 0 && path_of(file, path)) copy(file, path);
    return done;
}

int fsync(int file) { return sync_file("fsync", file); }

int fdatasync(int file) { return sync_file("fdatasync", file); }

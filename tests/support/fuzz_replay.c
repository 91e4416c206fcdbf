/* SPDX-License-Identifier: Apache-2.0
 *
 * Replays a corpus folder through a fuzz target in a build without libFuzzer,
 * so that every crash once found stays fixed. An empty or missing corpus fails.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (1u << 20)

static int replay(const char *folder, const char *name)
{
    char path[4096];
    uint8_t *bytes;
    size_t len;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (!f)
        return 0;
    bytes = malloc(INPUT_MAX);
    len = bytes ? fread(bytes, 1, INPUT_MAX, f) : 0;
    fclose(f);
    /* An exact-size copy, so that a sanitizer sees a read one past the end. */
    if (bytes) {
        uint8_t *exact = realloc(bytes, len ? len : 1);

        LLVMFuzzerTestOneInput(exact ? exact : bytes, len);
        free(exact ? exact : bytes);
    }
    return 1;
}

int main(int argc, char **argv)
{
    struct dirent *e;
    int n = 0;
    DIR *d;

    if (argc != 2 || !(d = opendir(argv[1]))) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    while ((e = readdir(d)))
        n += e->d_name[0] != '.' && replay(argv[1], e->d_name);
    closedir(d);
    printf("replayed %d inputs\n", n);
    return n > 0 ? 0 : 1;
}

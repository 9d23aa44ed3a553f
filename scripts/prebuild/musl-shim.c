// What glibc's libstdc++ and libgcc look for in glibc and musl lacks, so that
// Bun's program for musl can be started with them: npm has no Node for musl. It
// stands in for glibc's loader, which they name. Only for scripts/prebuild/musl.mjs.
#include <stddef.h>

char __libc_single_threaded = 0;
struct {
  unsigned int words[4];
} __cpu_model;

int __cpu_indicator_init(void) { return 0; }

// Hash tables ask for it once; any number does.
unsigned int arc4random(void) { return 4; }

size_t strftime_l(char*, size_t, const char*, const void*, void*);
size_t __strftime_l(char* to, size_t size, const char* format, const void* time, void* locale) {
  return strftime_l(to, size, format, time, locale);
}

// Objects of threads are not destroyed: the process ends soon.
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* library) {
  (void)destroy, (void)object, (void)library;
  return 0;
}

// "Not found"; exceptions of our addon are unwound by its own code.
int _dl_find_object(void* address, void* result) {
  (void)address, (void)result;
  return -1;
}

// libgcc asks an arm64 processor for its instructions under this name.
unsigned long getauxval(unsigned long);
unsigned long __getauxval(unsigned long type) { return getauxval(type); }

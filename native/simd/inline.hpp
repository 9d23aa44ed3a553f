// GLN_INLINE: small operations that must disappear into their caller, so that a
// lane group stays in registers.
#pragma once

#if defined(_MSC_VER) && !defined(__clang__)
#error "Build with clang-cl: the kernels need GNU target attributes."
#endif
#define GLN_INLINE inline __attribute__((always_inline))

// Makes the compiler keep a computed address in one register: a multiply-add
// with a two-register address costs two micro-operations instead of one.
#define GLN_KEEP_POINTER(p) __asm__("" : "+r"(p))

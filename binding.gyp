# How node-gyp and prebuildify build the addon. Files, definitions and flags are
# not written here: scripts/native/settings.mjs prints them for every build alike.
{
  'targets': [
    {
      'target_name': 'gated_linear_networks',
      'sources': ['<!@(node scripts/native/settings.mjs sources)'],
      'include_dirs': ['native'],
      'defines': ['<!@(node scripts/native/settings.mjs definitions)'],
      'conditions': [
        ['OS!="win" and OS!="mac"', {
          # Node's own defaults forbid exceptions, choose another standard and
          # silence warnings; ours must win.
          'cflags!': ['-Wno-unused-parameter', '-fno-omit-frame-pointer', '-fno-exceptions'],
          'cflags_cc!': [
            '-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20', '-std=gnu++2a',
          ],
          # In cflags_cc, because Node's common.gypi takes -Werror out of cflags.
          'cflags_cc': ['<!@(node scripts/native/settings.mjs compile)'],
          'ldflags': ['<!@(node scripts/native/settings.mjs link linux)'],
        }],
        ['OS=="mac"', {
          'xcode_settings': {
            'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
            'CLANG_CXX_LIBRARY': 'libc++',
            'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
            'GCC_ENABLE_CPP_RTTI': 'YES',
            'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
            'MACOSX_DEPLOYMENT_TARGET': '10.15',
            'OTHER_CPLUSPLUSFLAGS': ['<!@(node scripts/native/settings.mjs compile)'],
            'OTHER_LDFLAGS': ['<!@(node scripts/native/settings.mjs link darwin)'],
          },
        }],
        ['OS=="win"', {
          # clang-cl is recommended; MSVC has no target regions, so only scalar kernels.
          'include_dirs': ['<!@(node scripts/native/settings.mjs addon-api)'],
          'msvs_settings': {
            'VCCLCompilerTool': {
              'ExceptionHandling': 1,
              'RuntimeTypeInfo': 'true',
              'AdditionalOptions': ['/std:c++17', '/fp:precise', '/utf-8'],
            },
          },
        }],
      ],
    },
  ],
}

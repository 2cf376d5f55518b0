#!/bin/sh
# Builds the emulated libcuda.so.1, libcublas.so.12 and libcublas.so.13 with the kernels in them.
# Usage: build.sh OUT_DIR [KERNEL_DIR]; does nothing where OUT_DIR is up to date.
# The emulator without kernels is compiled into OUT_DIR/../cuda-emulator-objects, once for all OUT_DIRs.
# CUDA_SUFFIX goes to the end of the sonames, so that two emulators can live in a process.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?"usage: build.sh OUT_DIR [KERNEL_DIR]"}
kernels=${2:-$here/../../main/cuda}
cxx=${CXX:-g++}
# Exactly as written: nvcc fuses a * b + c, this does not.
flags="-std=c++17 -fPIC -O2 -ffp-contract=off -fvisibility=hidden -pthread -U_FORTIFY_SOURCE -I$here"
suffix=${CUDA_SUFFIX:-}

checksum() { # FOLDER ...
  find "$@" -maxdepth 1 -type f -exec cksum {} + | sort | cksum
}

stamp="$cxx $suffix $(checksum "$here" "$kernels")"
if [ "$(cat "$out/stamp" 2> /dev/null)" = "$stamp" ]; then
  exit 0
fi
common=$out/../cuda-emulator-objects
mkdir -p "$out/build" "$common"
rm -f "$out"/build/* "$out/stamp"

jobs=""
compile() { # OBJECT, then the compiler's arguments
  object=$1
  shift
  $cxx $flags -c "$@" -o "$object.o" &
  jobs="$jobs $!"
}

common_stamp="$cxx $(checksum "$here")"
if [ "$(cat "$common/stamp" 2> /dev/null)" != "$common_stamp" ]; then
  rm -f "$common"/*
  for part in blocks memory streams driver; do
    compile "$common/$part" -Wall -Wextra "$here/$part.cpp"
  done
  for version in 120604 130002; do
    compile "$common/cublas-$version" -Wall -Wextra -O3 -DCUBLAS_VERSION=$version "$here/cublas.cpp"
  done
fi

for source in "$kernels"/*.cu; do
  [ -f "$source" ] || continue
  name=$(basename "$source" .cu)
  unit=$out/build/kernels_$name
  # Dynamic shared memory is one buffer; an array of unknown size cannot be static.
  sed -E 's/extern +__shared__ +((__align__|alignas)\([0-9]+\) +)?([A-Za-z_0-9]+) +([A-Za-z_0-9]+)\[\];/\3* const \4 = reinterpret_cast<\3*>(emulated::dynamic_shared);/' \
    "$source" > "$unit.cu"
  {
    echo '#include "kernels.h"'
    # In a namespace of their own, kernels may be called as any function of the C library is.
    echo "namespace {"
    echo "#line 1 \"$source\""
    cat "$unit.cu"
    echo "}"
    echo '#line 1 "registration"'
    echo 'extern char __start_emulated_shared[] __attribute__((weak, visibility("hidden")));'
    echo 'extern char __stop_emulated_shared[] __attribute__((weak, visibility("hidden")));'
    # A kernel's name is the first word before a parenthesis behind __global__ void.
    tr '\n' ' ' < "$source" | sed -E 's/__launch_bounds__ *\([^)]*\)//g' |
      grep -oE 'extern +"C" +__global__ +void +[A-Za-z_0-9]+' |
      sed -E 's/.* ([A-Za-z_0-9]+)$/static emulated::Registration<\&\1> register_\1("\1", __start_emulated_shared, __stop_emulated_shared);/'
  } > "$unit.cpp"
  compile "$out/build/kernels_$name" -Wall -Wno-unknown-pragmas -Wno-unused-function -Wno-sign-compare -I"$kernels" "$unit.cpp"
done

for job in $jobs; do
  wait "$job"
done
echo "$common_stamp" > "$common/stamp"

# A kernel object's .bss is its shared memory; in a section of this name it can be filled with NaN.
for object in "$out"/build/kernels_*.o; do
  [ -f "$object" ] || continue
  objcopy --rename-section .bss=emulated_shared,alloc,load,data,contents "$object"
done

$cxx -shared -pthread -Wl,-soname,"libcuda.so.1$suffix" -o "$out/libcuda.so.1" \
  "$common"/blocks.o "$common"/memory.o "$common"/streams.o "$common"/driver.o \
  $(ls "$out"/build/kernels_*.o 2> /dev/null || true)
for version in 12:120604 13:130002; do
  major=${version%:*}
  $cxx -shared -pthread -Wl,-soname,"libcublas.so.$major$suffix" -Wl,-rpath,'$ORIGIN' -Wl,-Bsymbolic \
    -o "$out/libcublas.so.$major" "$common/cublas-${version#*:}.o" "$out/libcuda.so.1"
done
echo "$stamp" > "$out/stamp"

#!/bin/sh
# Compiles the kernels to the PTX that is shipped. Needs nvcc 12 or 13; users need neither.
# The PTX names the hash of its sources: a test fails when the two drift apart.
set -eu
cd "$(dirname "$0")"
out=../resources/org/fasthebb/engine/internal/cuda/kernels
sources="$(LC_ALL=C ls *.cuh *.cu)"
hash=$(cat $sources | sha256sum | cut -d ' ' -f 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in *.cu; do
  echo "#include \"$PWD/$source\""
done >"$work/kernels.cu"
mkdir -p "$out"
nvcc -std=c++17 -O3 -arch=compute_75 -ptx "$work/kernels.cu" -o "$work/kernels.ptx"
# No option of nvcc selects an older PTX version, and the newest one asks for the newest driver.
# Nothing in here is newer than 7.0, which drivers from 450 on understand.
{
  echo "// sources: $hash"
  # The names of the folders above are in the numbers of internal names.
  sed -e 's/^\.version .*/.version 7.0/' -e '/^\/\//d' \
    -e 's/_INTERNAL_[0-9a-f]*_/_INTERNAL_00000000_/g' "$work/kernels.ptx"
} >"$out/kernels.ptx"

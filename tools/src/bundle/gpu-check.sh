#!/bin/sh
# Checks FastHebb on this machine's GPU and measures it:
#   ./gpu-check.sh [REPORT_FOLDER [correctness|speed|all]]
# It needs Linux on x86-64 and an NVIDIA driver. If cuBLAS is installed, by CUDA or as a Python package, it
# makes products faster. If PyTorch is installed, the same steps are timed in PyTorch, too.
#   GPU_CHECK_BUDGET the most seconds for all steps together (default: 340 for correctness, 240 for speed,
#                    580 for all); what does not fit is skipped, and said so
#   GPU_CHECK_LIMIT  the most seconds for a step (default 200)
#   GPU_CHECK_DATA   folder of CIFAR-10 (binary version) or of images (train/CLASS, test/CLASS) to train on;
#                    default: the bundle's, else drawn shapes
# The output of each step goes to REPORT_FOLDER/NN-name.txt (default: report), a table of all steps to
# REPORT_FOLDER/summary.md. Exits with 1 if a step failed or nothing ran on a GPU.
set -u

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
mkdir -p "${1:-report}" || exit 1
report=$(CDPATH= cd -- "${1:-report}" && pwd -P) || exit 1
part=${2:-all}
case $part in
  correctness) budget=340 ;;
  speed) budget=240 ;;
  all) budget=580 ;;
  *)
    echo "gpu-check.sh: the part is '$part'; use correctness, speed or all" >&2
    exit 2
    ;;
esac
budget=${GPU_CHECK_BUDGET:-$budget}
limit=${GPU_CHECK_LIMIT:-200}
started=$(date +%s)
runs=$report/runs # trained models, which are deleted
rm -rf "$report"/[0-9][0-9]-*.txt "$report/summary.md" "$runs"

# The packages of a python3 that is started by a script cannot be found by following links.
if [ -z "${VIRTUAL_ENV:-}" ] && prefix=$(python3 -c 'import sys; print(sys.prefix)' 2>/dev/null); then
  VIRTUAL_ENV=$prefix
  export VIRTUAL_ENV
fi

java=$here/jre/bin/java
number=0
failed=0
on_gpu=0 # steps that ran on the GPU
rows=
before= # words before a command of the program, such as a profiler
options= # of Java

row() { # NAME RESULT CODE SECONDS
  rows="$rows| $number | $1 | $2 | $3 | $4 |
"
}

# Runs a step: step NAME COMMAND...
step() {
  name=$1
  shift
  left=$((budget - ($(date +%s) - started)))
  if [ "$left" -lt 10 ]; then
    failed=$((failed + 1))
    skip "$name" "the $budget seconds for all steps are spent"
    return 1
  fi
  most=$((left < limit ? left : limit))
  number=$((number + 1))
  file=$report/$(printf '%02d' "$number")-$name.txt
  printf '%02d %-22s ' "$number" "$name"
  case $name in
    *-cuda*) on_gpu=$((on_gpu + 1)) ;;
  esac
  begin=$(date +%s)
  {
    printf '$ %s\n' "$*"
    timeout -k 5 "$most" "$@"
  } >"$file" 2>&1 </dev/null
  code=$?
  seconds=$(($(date +%s) - begin))
  case $code in
    0) result=ok ;;
    124) result="FAILED: more than $most seconds" ;;
    137) result="FAILED: killed" ;;
    *) result=FAILED ;;
  esac
  [ "$code" = 0 ] || failed=$((failed + 1))
  printf 'exit code: %s\nseconds: %s\n' "$code" "$seconds" >>"$file"
  printf '%s, %s s\n' "$result" "$seconds"
  row "$name" "$result" "$code" "$seconds"
  return "$code"
}

# Says that a step is left out: skip NAME REASON
skip() {
  number=$((number + 1))
  printf '%02d %-22s skipped: %s\n' "$number" "$1" "$2"
  printf 'skipped: %s\n' "$2" >"$report/$(printf '%02d' "$number")-$1.txt"
  row "$1" "skipped: $2" "" ""
}

# A step of the program: fasthebb NAME ARGUMENTS...
fasthebb() {
  name=$1
  shift
  # JCuda is optional for the engine, so Java loads its module only if told to.
  # $before and $options are lists of words.
  step "$name" $before "$java" $options -XX:+UseSerialGC "-XX:ErrorFile=$report/crash-%p.txt" \
    -p "$here/modules" --add-modules jcuda --enable-native-access=org.fasthebb.engine,jcuda \
    -m org.fasthebb.tools/org.fasthebb.tools.Main "$@"
}

# --- what the machine has ---
fasthebb doctor doctor
gpu= # doctor's lines on the GPU, as a list
more=
while IFS= read -r line; do
  case $line in
    "gpu  "*) more=yes ;;
    " "*) ;;
    *) more= ;;
  esac
  [ -z "$more" ] || gpu="$gpu* ${line#???????????}
"
done <"$report/01-doctor.txt"
case $gpu in
  "* none used:"*) no_gpu="there is no GPU to use" ;;
  "") no_gpu="doctor does not say whether there is a GPU" ;;
  *) no_gpu= ;;
esac

# --- are the results right? ---
# The tests of every backend: conformance NAME OPTION...
conformance() {
  name=$1
  shift
  if [ ! -d "$here/tests" ]; then
    skip "$name" "this bundle was made without such tests"
    return
  fi
  jars=
  for jar in "$here"/tests/*-tests.jar; do
    jars=$jars${jars:+:}$jar
  done
  step "$name" "$java" "-XX:ErrorFile=$report/crash-%p.txt" "$@" \
    -cp "$here/modules/*:$here/tests/*" --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED org.junit.platform.console.ConsoleLauncher execute \
    --disable-banner --disable-ansi-colors --details=tree --fail-if-no-tests \
    "--scan-class-path=$jars" '--include-classname=.*ConformanceTest'
}

# The quick ones come first.
correctness() {
  if [ -n "$no_gpu" ]; then
    fasthebb verify-cpu verify "$here/golden"
    conformance conformance-cpu
    skip conformance-cuda "$no_gpu"
    return
  fi
  fasthebb doctor-cuda doctor --device cuda
  fasthebb verify-cuda verify --device cuda "$here/golden"
  options=-Dfasthebb.cublas=none
  fasthebb verify-cuda-own verify --device cuda "$here/golden"
  options=
  conformance conformance-cuda -Dfasthebb.test.gpu=real # tests the CPU, too
  sanitizer=$(command -v compute-sanitizer || echo /usr/local/cuda/bin/compute-sanitizer)
  if [ -x "$sanitizer" ]; then
    before="$sanitizer --tool racecheck --error-exitcode 3"
    options=-Dfasthebb.cublas=none
    fasthebb racecheck-cuda verify --device cuda "$here/golden"
    before=
    options=
  else
    skip racecheck-cuda "there is no compute-sanitizer"
  fi
  fasthebb verify-cpu verify "$here/golden"
}

# --- how fast is it? ---
data=${GPU_CHECK_DATA:-$here/data}
if [ -d "$data/train" ]; then
  kind=folder
elif [ -d "$data" ]; then
  kind=cifar10
else
  kind=shapes
fi

# Some epochs of pre-training, of which the second and third tell the speed: epochs DEVICE RULE
epochs() {
  set -- "epochs-$1-$2${before:+-ncu}" pretrain --device "$1" --data "$kind" --rule "$2" --epochs 3 --verbose \
    --out "$runs/$1-$2"
  [ $kind = shapes ] || set -- "$@" --data-dir "$data"
  fasthebb "$@"
  rm -rf "$runs"
}

# A suite of the benchmarks: bench SUITE...
bench() {
  step "bench-cuda-$1" "$java" --sun-misc-unsafe-memory-access=allow \
    --enable-native-access=ALL-UNNAMED -jar "$here/benchmarks.jar" "$@" --device cuda --quick \
    --json "$report/bench-cuda-$1.json"
}

speed() {
  if [ -n "$no_gpu" ]; then
    skip speed-cuda "$no_gpu"
    return
  fi
  if [ -f "$here/benchmarks.jar" ]; then
    bench step --variant fast
    bench finetune
  else
    skip bench-cuda "this bundle was made without benchmarks"
  fi
  epochs cuda swta
  epochs cuda hpca
  profiler=$(command -v ncu || echo /usr/local/cuda/bin/ncu)
  if [ -x "$profiler" ]; then
    before="$profiler --metrics gpu__time_duration.sum --launch-skip 2000 --launch-count 600 --csv"
    epochs cuda swta
    before=
  else
    skip ncu-cuda "there is no ncu"
  fi
  rival=$here/rivals/fasthebb_torch.py
  if [ ! -f "$rival" ]; then
    skip pytorch-cuda "this bundle was made without the program for PyTorch"
  elif ! python3 -c 'import torch' >/dev/null 2>&1; then
    skip pytorch-cuda "python3 has no torch"
  else
    for rule in swta hpca finetune; do
      step "pytorch-cuda-$rule" python3 "$rival" --device cuda --rule $rule
    done
  fi
  [ ! -f "$here/benchmarks.jar" ] || bench gemm
}

case $part in
  correctness) correctness ;;
  speed) speed ;;
  all)
    correctness
    speed
    ;;
esac

# --- summary ---
{
  printf '# FastHebb on a GPU\n\n'
  printf '%s, %s\n\n' "$(date -u +%Y-%m-%dT%H:%MZ)" "$(uname -srm)"
  printf 'GPU as doctor sees it:\n\n%s\n' "${gpu:-* unknown}"
  printf '| step | name | result | exit code | seconds |\n|---|---|---|---|---|\n%s\n' "$rows"
  [ "$on_gpu" != 0 ] || printf 'Nothing ran on a GPU: %s.\n' "$no_gpu"
  printf 'Failed steps: %s.\n' "$failed"
} >"$report/summary.md"
printf '\n'
cat "$report/summary.md"
[ "$failed" = 0 ] && [ "$on_gpu" != 0 ]

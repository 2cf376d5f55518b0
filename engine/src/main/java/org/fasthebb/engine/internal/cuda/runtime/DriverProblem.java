package org.fasthebb.engine.internal.cuda.runtime;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sentences that say why no GPU can be used, each with a remedy. */
final class DriverProblem {
  private DriverProblem() {}

  /** The system is not Linux. */
  static String otherSystem(String system) {
    return "CUDA is used on Linux only, and this is "
        + system
        + "; use the CPU, or Linux (the one in Windows, WSL 2, will do)";
  }

  /** The processor is not x86-64. */
  static String otherProcessor(String processor) {
    return "CUDA is used on x86-64 processors only, since JCuda has no library for "
        + processor
        + "; use the CPU";
  }

  /** No library of the driver was found. */
  static String absent() {
    return "no NVIDIA driver was found (libcuda.so.1 is in no folder of LD_LIBRARY_PATH or of the"
        + " system); install one, 525 or later, or start the container with its GPUs (docker run"
        + " --gpus all), or name the file with -D"
        + DriverProbe.PROPERTY;
  }

  /** A library of the driver was found, but does not load. */
  static String broken(String reason) {
    return "the NVIDIA driver's library " + reason + "; install the driver anew";
  }

  /** The library that was named does not load. */
  static String named(String reason) {
    return reason + "; correct -D" + DriverProbe.PROPERTY + " or leave it out";
  }

  /** The driver does not start: what its error code means. */
  static String start(int status, String file, Surroundings here) {
    return switch (status) {
      case 34 ->
          file
              + " is the stub that programs are linked with, not the driver; take its folder out"
              + " of LD_LIBRARY_PATH, or name the driver's libcuda.so.1 with -D"
              + DriverProbe.PROPERTY;
      case 100 -> noDevice(here);
      case 802 ->
          "the GPUs are not ready yet (error 802); start the service nvidia-fabricmanager, which"
              + " machines with NVSwitch need";
      case 803 ->
          file
              + " does not fit the driver in the kernel (error 803); restart the machine after an"
              + " update of the driver, or take CUDA's folder compat out of LD_LIBRARY_PATH";
      case 804 ->
          file
              + " does not support this GPU (error 804); take CUDA's folder compat out of"
              + " LD_LIBRARY_PATH";
      case 999 ->
          "the driver in the kernel does not answer (error 999); run nvidia-modprobe -u as root,"
              + " or restart the machine";
      default ->
          "the NVIDIA driver "
              + file
              + " does not start (cuInit gives error "
              + status
              + "); see whether nvidia-smi works";
    };
  }

  /** There is a driver and no GPU. */
  static String noDevice(Surroundings here) {
    // Not by variable(): an empty list hides every GPU, while no list hides none.
    return Optional.ofNullable(here.variables().get("CUDA_VISIBLE_DEVICES"))
        .map(value ->
            "CUDA_VISIBLE_DEVICES is '"
                + value
                + "', which leaves no GPU to use; unset it, or name a GPU that nvidia-smi lists")
        .orElse(
            "there is an NVIDIA driver, but no GPU that it reaches; see what nvidia-smi lists, or"
                + " start the container with its GPUs (docker run --gpus all)");
  }

  /** The driver is too old. */
  static String oldDriver(int version) {
    return "the NVIDIA driver is for CUDA "
        + FoundDriver.version(version)
        + ", and 12.0 or later is needed; update the NVIDIA driver to 525 or later";
  }

  /** Every GPU is too old. */
  static String oldDevices(List<FoundDevice> devices) {
    return devices.stream()
            .map(device -> device.name() + " has compute capability " + device.capability())
            .collect(Collectors.joining(", "))
        + ", and 7.5 or later (Turing, 2018) is needed; use the CPU";
  }

  /** Anything else, from what was thrown. */
  static String unexpected(Throwable thrown) {
    return "the search for an NVIDIA driver failed ("
        + (thrown.getMessage() == null ? thrown : thrown.getMessage())
        + "); see whether nvidia-smi works";
  }

  /** Java was started without the right to call native code. */
  static String nativeAccess() {
    return "Java may not call native code here; add --enable-native-access=org.fasthebb.engine to"
        + " the java command (or ALL-UNNAMED, on the class path)";
  }
}

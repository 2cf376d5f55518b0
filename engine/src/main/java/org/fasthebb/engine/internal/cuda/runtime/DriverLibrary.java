package org.fasthebb.engine.internal.cuda.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The few functions of the NVIDIA driver that describe it and its GPUs, before any GPU is used. */
final class DriverLibrary {
  private static final int COMPUTE_CAPABILITY_MAJOR = 75;
  private static final int COMPUTE_CAPABILITY_MINOR = 76;
  private static final int NAME_LENGTH = 256;

  private final NativeLibrary library;

  /** Uses an open library; {@link NativeLibrary#file} may be any that has the functions. */
  DriverLibrary(NativeLibrary library) {
    this.library = library;
  }

  /** Starts the driver in this process; returns its error code, 0 if it runs. */
  int start() {
    MethodHandle init = library.function("cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    try {
      return (int) init.invokeExact(0);
    } catch (Throwable e) {
      throw failed("cuInit", e);
    }
  }

  /**
   * The version of CUDA that it is for, such as 12040 for 12.4, whether it runs or not. It is 0 if
   * the library does not tell, as the stub does that programs are linked with.
   */
  int version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(JAVA_INT);
      int status = (int) function("cuDriverGetVersion", ADDRESS).invokeExact(version);
      return status == 0 ? version.get(JAVA_INT, 0) : 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw failed("cuDriverGetVersion", e);
    }
  }

  /** The number of GPUs. */
  int devices() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      check("cuDeviceGetCount", (int) function("cuDeviceGetCount", ADDRESS).invokeExact(count));
      return count.get(JAVA_INT, 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw failed("cuDeviceGetCount", e);
    }
  }

  /** The GPU with a number from 0. */
  FoundDevice device(int ordinal) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_INT);
      MethodHandle get = function("cuDeviceGet", ADDRESS, JAVA_INT);
      check("cuDeviceGet", (int) get.invokeExact(handle, ordinal));
      int device = handle.get(JAVA_INT, 0);

      MemorySegment name = arena.allocate(NAME_LENGTH);
      MethodHandle getName = function("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
      check("cuDeviceGetName", (int) getName.invokeExact(name, NAME_LENGTH, device));

      MemorySegment bytes = arena.allocate(JAVA_LONG);
      MethodHandle totalMemory = function("cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
      check("cuDeviceTotalMem_v2", (int) totalMemory.invokeExact(bytes, device));

      return new FoundDevice(
          ordinal,
          name.getString(0),
          attribute(device, COMPUTE_CAPABILITY_MAJOR),
          attribute(device, COMPUTE_CAPABILITY_MINOR),
          bytes.get(JAVA_LONG, 0));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw failed("cuDeviceGet", e);
    }
  }

  private int attribute(int device, int attribute) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      MethodHandle get = function("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
      check("cuDeviceGetAttribute", (int) get.invokeExact(value, attribute, device));
      return value.get(JAVA_INT, 0);
    }
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    return library.function(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private void check(String function, int status) {
    if (status != 0) {
      throw new IllegalStateException(
          function + " of " + library.file() + " failed with error " + status);
    }
  }

  private IllegalStateException failed(String function, Throwable cause) {
    return new IllegalStateException(function + " of " + library.file() + " failed", cause);
  }
}

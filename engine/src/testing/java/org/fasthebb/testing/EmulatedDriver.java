package org.fasthebb.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Settings and counters of the emulated driver; see the engine's {@code src/test/cuda/README.md}.
 */
@SuppressWarnings("restricted")
public final class EmulatedDriver {
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup(Devices.libraries().resolve("libcuda.so.1"), Arena.global());
  private static final MethodHandle SET =
      function("emulated_cuda_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle GET =
      function("emulated_cuda_get", FunctionDescriptor.of(JAVA_LONG, ADDRESS));

  private EmulatedDriver() {}

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(LIBRARY.find(name).orElseThrow(), type);
  }

  /** Changes a setting. */
  public static void set(String key, long value) {
    try (Arena arena = Arena.ofConfined()) {
      int status = (int) SET.invokeExact(arena.allocateFrom(key), value);
      if (status != 0) {
        throw new IllegalStateException(key + " cannot be set");
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a counter. */
  public static long get(String key) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) GET.invokeExact(arena.allocateFrom(key));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

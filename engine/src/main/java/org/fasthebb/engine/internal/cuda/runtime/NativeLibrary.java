package org.fasthebb.engine.internal.cuda.runtime;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A shared library of Linux, open to the end of the process.
 *
 * <p>The dynamic linker is called directly, since {@link java.lang.foreign.SymbolLookup} does not
 * say why a library did not load. A library that is loaded later and needs one of the same name
 * (SONAME) gets the one that is open here, wherever its file is.
 */
@SuppressWarnings("restricted") // calling native code is what it is for
public final class NativeLibrary {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
  private static final int RTLD_NOW = 2;
  private static final long LONGEST_MESSAGE = 4096;

  private static final MethodHandle DLOPEN =
      linker("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, ValueLayout.JAVA_INT));
  private static final MethodHandle DLSYM =
      linker("dlsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle DLERROR = linker("dlerror", FunctionDescriptor.of(ADDRESS));

  private final String file;
  private final MemorySegment handle;

  private NativeLibrary(String file, MemorySegment handle) {
    this.file = file;
    this.handle = handle;
  }

  /**
   * Opens a library.
   *
   * @param file an absolute path, or a bare name for the dynamic linker to find
   * @throws IllegalStateException if it does not load, with the dynamic linker's reason
   */
  public static NativeLibrary open(String file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = (MemorySegment) DLOPEN.invokeExact(arena.allocateFrom(file), RTLD_NOW);
      if (handle.address() == 0) {
        throw new IllegalStateException(file + " does not load: " + lastError());
      }
      return new NativeLibrary(file, handle);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(file + " does not load", e);
    }
  }

  /** The file or bare name as which it was opened. */
  public String file() {
    return file;
  }

  /**
   * The address of a function.
   *
   * @throws IllegalStateException if it is not in this library
   */
  public MemorySegment address(String function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address =
          (MemorySegment) DLSYM.invokeExact(handle, arena.allocateFrom(function));
      if (address.address() == 0) {
        throw new IllegalStateException(file + " has no function " + function);
      }
      return address;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(file + " cannot be searched for " + function, e);
    }
  }

  /**
   * A function, ready to call.
   *
   * @throws IllegalStateException if it is not in this library
   */
  public MethodHandle function(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(address(name), type);
  }

  private static String lastError() throws Throwable {
    MemorySegment message = (MemorySegment) DLERROR.invokeExact();
    return message.address() == 0
        ? "no reason given"
        : message.reinterpret(LONGEST_MESSAGE).getString(0);
  }

  private static MethodHandle linker(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }
}

package org.fasthebb.tools.console;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;

/** What Java has no method for: functions of the C library, where the program may call them. */
final class Libc {
  private static final int STANDARD_ERROR = 2;

  private Libc() {}

  /** Whether the program may call native functions, and the system is like Unix. */
  private static boolean isUsable() {
    return Libc.class.getModule().isNativeAccessEnabled()
        && !System.getProperty("os.name").startsWith("Windows");
  }

  /** Makes standard error the same open file as {@code descriptor}; returns whether it did. */
  static boolean standardErrorIs(int descriptor) {
    return isUsable() && call("dup2", 2, descriptor, STANDARD_ERROR) == STANDARD_ERROR;
  }

  /** The columns of the terminal on standard error; empty if it is none. */
  static OptionalInt columns() {
    if (!isUsable()) {
      return OptionalInt.empty();
    }
    boolean linux = System.getProperty("os.name").equals("Linux");
    long windowSize = linux ? 0x5413 : 0x40087468; // TIOCGWINSZ
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_SHORT, 4); // rows, columns, and both in pixels
      return call("ioctl", 2, STANDARD_ERROR, windowSize, size) == 0
          ? OptionalInt.of(Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1)))
          : OptionalInt.empty();
    }
  }

  /**
   * Calls a function that returns an int.
   *
   * @param fixed how many parameters come before the variable ones
   */
  @SuppressWarnings("restricted") // isUsable asks before
  private static int call(String function, int fixed, Object... arguments) {
    Linker linker = Linker.nativeLinker();
    ValueLayout[] types = new ValueLayout[arguments.length];
    for (int i = 0; i < types.length; i++) {
      types[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            default -> ADDRESS;
          };
    }
    FunctionDescriptor signature = FunctionDescriptor.of(JAVA_INT, types);
    try {
      return (int)
          linker
              .downcallHandle(
                  linker.defaultLookup().findOrThrow(function),
                  signature,
                  Linker.Option.firstVariadicArg(fixed))
              .invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(function + " of the C library cannot be called", e);
    }
  }
}

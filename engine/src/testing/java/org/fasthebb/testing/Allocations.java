package org.fasthebb.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Method;

/** Measures how much the current thread allocates on the heap. */
public final class Allocations {
  private static final long PATIENCE = 20_000_000_000L;

  private Allocations() {}

  /**
   * Bytes allocated so far. It calls by reflection, since the modules under test do not read
   * jdk.management.
   */
  public static long ofThisThread() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method bytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
    return (long) bytes.invoke(bean);
  }

  /**
   * Repeats {@code rounds} runs until they allocate less than {@code most} bytes each, on average,
   * and fails if that takes too long. The first runs allocate more, since vectors are boxed until
   * the JIT compiler is done.
   */
  public static void assertSettlesBelow(long most, int rounds, String what, Runnable round)
      throws ReflectiveOperationException {
    long deadline = System.nanoTime() + PATIENCE;
    long perRound;
    do {
      long before = ofThisThread();
      for (int i = 0; i < rounds; i++) {
        round.run();
      }
      perRound = (ofThisThread() - before) / rounds;
      if (perRound < most) {
        return;
      }
    } while (System.nanoTime() < deadline);
    fail(what + " still allocates " + perRound + " bytes");
  }
}

package org.fasthebb.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Method;

/** Measures how much the current thread allocates on the heap. */
public final class Allocations {
  /** Nanoseconds of the thread, not of the clock: other processes slow the JIT compiler as much. */
  private static final long PATIENCE = 20_000_000_000L;

  private Allocations() {}

  /**
   * Bytes allocated so far. It calls by reflection, since the modules under test do not read
   * jdk.management.
   */
  public static long ofThisThread() throws ReflectiveOperationException {
    return measure("getCurrentThreadAllocatedBytes");
  }

  private static long measure(String what) throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method method = Class.forName("com.sun.management.ThreadMXBean").getMethod(what);
    return (long) method.invoke(bean);
  }

  /**
   * Repeats {@code rounds} runs until they allocate less than {@code most} bytes each, on average,
   * and fails if that takes the thread too long. The first runs allocate more, since vectors are
   * boxed until the JIT compiler is done.
   */
  public static void assertSettlesBelow(long most, int rounds, String what, Runnable round)
      throws ReflectiveOperationException {
    long deadline = measure("getCurrentThreadCpuTime") + PATIENCE;
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
    } while (measure("getCurrentThreadCpuTime") < deadline);
    fail(what + " still allocates " + perRound + " bytes");
  }
}

package org.fasthebb.engine;

import java.lang.reflect.Method;

/** How much the current thread has allocated on the heap. */
public final class Allocations {
  private Allocations() {}

  /** Bytes so far. By reflection, since the engine's module does not read the one that knows. */
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
}

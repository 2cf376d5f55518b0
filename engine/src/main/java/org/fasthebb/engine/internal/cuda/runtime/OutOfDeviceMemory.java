package org.fasthebb.engine.internal.cuda.runtime;

import java.util.Arrays;
import java.util.Locale;

/** Thrown when a device has not enough memory left. Earlier results stay valid. */
public final class OutOfDeviceMemory extends IllegalStateException {
  private static final long serialVersionUID = 1L;
  private static final int MIB = 1 << 20;

  private final String why;

  private OutOfDeviceMemory(String what, String why) {
    super(what + why);
    this.why = why;
  }

  /** The error for a request of {@code bytes} bytes. */
  OutOfDeviceMemory(String device, long bytes, long free, long total) {
    this(
        "memory",
        String.format(
            Locale.ROOT,
            " of %.1f MiB does not fit on %s, which has %d of %d MiB left; use a smaller batch",
            (double) bytes / MIB,
            device,
            free / MIB,
            total / MIB));
  }

  /** The same, naming the tensor that does not fit. */
  public OutOfDeviceMemory of(int... shape) {
    return new OutOfDeviceMemory("a tensor " + Arrays.toString(shape), why);
  }
}

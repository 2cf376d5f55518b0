package org.fasthebb.engine.internal.runtime;

/** Refuses what a recording must not do, on any device. */
public final class RecordingRules {
  private RecordingRules() {}

  /** Refuses to run a recording that is closed. */
  public static void refuseIfClosed(boolean closed) {
    if (closed) {
      throw new IllegalStateException("this recording is closed");
    }
  }

  /** Refuses to run a recording while another one runs. */
  public static void refuseInside(boolean recording) {
    if (recording) {
      throw new IllegalStateException("a recording cannot run inside of another one");
    }
  }

  /** Refuses what would not be repeated, such as "copy from Java arrays", while one runs. */
  public static void refuse(String what, boolean recording) {
    if (recording) {
      throw new IllegalStateException(
          "a recording cannot "
              + what
              + ", since it would be the same values each time; do that before or after it runs");
    }
  }
}

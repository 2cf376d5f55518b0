package org.fasthebb.engine.internal.runtime;

/** Refuses what must not be done while a recording is made, on any device. */
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

  /**
   * Refuses, while work is being recorded, what a recording could not repeat, such as "copy from
   * Java arrays".
   */
  public static void refuse(String what, boolean recording) {
    if (recording) {
      throw new IllegalStateException(
          "a recording cannot "
              + what
              + ", since it would be the same values each time; do that before or after it runs");
    }
  }
}

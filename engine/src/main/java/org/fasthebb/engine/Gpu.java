package org.fasthebb.engine;

import java.util.List;

/** Reports the NVIDIA GPUs of this machine. */
public final class Gpu {
  private Gpu() {}

  /**
   * Lines for people, at least one: the GPUs with their driver and the libraries found for them, or
   * in one sentence why no GPU can be used and what helps.
   */
  public static List<String> report() {
    return Backend.provider("cuda").report();
  }
}

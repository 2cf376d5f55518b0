package org.fasthebb.models.learn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.network.Network;

/** Adds up how long each stage of a network takes. */
public final class LayerTimes implements Network.Observer {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long last;

  /** No time spent yet. */
  public LayerTimes() {}

  /** Starts a pass. */
  void start() {
    last = System.nanoTime();
  }

  @Override
  public void saw(String stage, Tensor value) {
    long now = System.nanoTime();
    seconds.merge(stage, (now - last) * 1e-9, Double::sum);
    last = now;
  }

  /** Seconds by stage, in the order of the network. */
  public Map<String, Double> seconds() {
    return Collections.unmodifiableMap(seconds);
  }
}

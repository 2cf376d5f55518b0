package org.fasthebb.models.learn;

import java.util.Locale;

/**
 * How the learning rate of fine-tuning falls: it is constant for ten epochs and then halved
 * repeatedly.
 */
public enum Schedule {
  /** The rate is halved after every epoch from the tenth on, as in the authors' code. */
  CODE(1),
  /** The rate is halved after every second epoch from the tenth on, as in the paper. */
  PAPER(2);

  private static final int CONSTANT = 10;

  private final int period;

  Schedule(int period) {
    this.period = period;
  }

  /** The name on the command line, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The learning rate of an epoch, counted from 0. */
  public float rate(float initial, int epoch) {
    int halvings = epoch < CONSTANT ? 0 : (epoch - CONSTANT) / period + 1;
    return (float) (initial * Math.pow(0.5, halvings));
  }
}

package org.fasthebb.models.learn;

/**
 * How the learning rate of fine-tuning falls: constant for ten epochs, then halved again and again.
 */
public enum Schedule {
  /** Halved after every epoch from the tenth on, as the authors' code does. */
  CODE(1),
  /** Halved after every second epoch from the tenth on, as the paper says. */
  PAPER(2);

  private static final int CONSTANT = 10;

  private final int period;

  Schedule(int period) {
    this.period = period;
  }

  /** The learning rate of an epoch, counted from 0. */
  public float rate(float initial, int epoch) {
    int halvings = epoch < CONSTANT ? 0 : (epoch - CONSTANT) / period + 1;
    return (float) (initial * Math.pow(0.5, halvings));
  }
}

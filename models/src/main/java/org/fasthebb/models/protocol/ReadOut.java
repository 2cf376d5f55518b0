package org.fasthebb.models.protocol;

import java.util.Locale;

/** What learns the labels once a network is pre-trained. */
public enum ReadOut {
  /** The whole network and a linear classifier, by backprop: the paper's protocol. */
  FINE_TUNE(20),
  /** A linear classifier on features that stay as they are, by Adam: SoftHebb's protocol. */
  LINEAR(50);

  private final int epochs;

  ReadOut(int epochs) {
    this.epochs = epochs;
  }

  /** Epochs where nothing else is said: its authors' number. */
  public int epochs() {
    return epochs;
  }

  /** As in files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package org.fasthebb.models.protocol;

/** What learns the labels after pre-training. */
public enum ReadOut {
  /** The whole network and a linear classifier learn by backprop: the paper's protocol. */
  FINE_TUNE(20),
  /** Only a linear classifier on fixed features learns, by Adam: SoftHebb's protocol. */
  LINEAR(50);

  private final int epochs;

  ReadOut(int epochs) {
    this.epochs = epochs;
  }

  /** The default number of epochs, which is the authors'. */
  public int epochs() {
    return epochs;
  }

  /** The name on the command line and in files. */
  @Override
  public String toString() {
    return this == FINE_TUNE ? "finetune" : "linear";
  }
}

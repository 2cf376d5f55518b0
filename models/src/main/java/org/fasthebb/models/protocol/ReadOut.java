package org.fasthebb.models.protocol;

import java.util.Locale;
import org.fasthebb.models.readout.FeatureForm;

/** What learns the labels after pre-training. */
public enum ReadOut {
  /** The whole network and a linear classifier learn by backprop: the paper's protocol. */
  FINE_TUNE(20),
  /** Only a linear classifier on fixed features learns, by Adam: SoftHebb's protocol. */
  LINEAR(50),
  /** Ridge regression on fixed features, in closed form. */
  RIDGE(0),
  /** The nearest mean of a class, on fixed features. */
  CENTROIDS(0),
  /** The nearest labelled images, on fixed features. */
  KNN(0);

  private final int epochs;

  ReadOut(int epochs) {
    this.epochs = epochs;
  }

  /** The default number of epochs: the authors', or 0 for a read-out in closed form. */
  public int epochs() {
    return epochs;
  }

  /** Whether it is computed in closed form, without epochs and learning rates. */
  public boolean isClosedForm() {
    return epochs == 0;
  }

  /** Whether it minimises cross-entropy, so that the softmax of its scores is a probability. */
  public boolean isCrossEntropy() {
    return !isClosedForm();
  }

  /** How features are made for it by default. */
  public FeatureForm form() {
    return isClosedForm() ? FeatureForm.COMPARABLE : FeatureForm.NORMALISED;
  }

  /** What it is, in words that begin a sentence. */
  public String describe() {
    return switch (this) {
      case FINE_TUNE -> "Fine-tuning";
      case LINEAR -> "Linear read-out";
      case RIDGE -> "Ridge regression";
      case CENTROIDS -> "Nearest class mean";
      case KNN -> "Nearest neighbours";
    };
  }

  /** The name on the command line and in files. */
  @Override
  public String toString() {
    return this == FINE_TUNE ? "finetune" : name().toLowerCase(Locale.ROOT);
  }
}

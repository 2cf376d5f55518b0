package org.fasthebb.tools.option;

import java.util.List;
import java.util.Locale;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;

/** How the labels of a Table 2 are learned. */
public enum Protocol {
  /** As in the paper: most methods are fine-tuned by backprop. */
  PAPER,
  /** What uses few labels best: ridge regression on fixed features, with self-training. */
  BEST;

  private static final int ROUNDS = 3;

  private static final int LABEL_SETS = 5;

  /** The name on the command line, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The methods that are shown by default; empty for all. */
  public List<String> methods() {
    return this == PAPER
        ? List.of()
        : List.of("softhebb", "softhebb-random", "hpca", "none", "supervised");
  }

  /** What learns the labels by default. */
  public ReadOut readOut(Method method) {
    return this == PAPER ? method.readOut() : ReadOut.RIDGE;
  }

  /** The number of sets of labels of each network by default. */
  public int labelSets() {
    return this == PAPER ? 1 : LABEL_SETS;
  }

  /** The most rounds of self-training by default. */
  public int selfTraining() {
    return this == PAPER ? 0 : ROUNDS;
  }
}

package org.fasthebb.tools.option;

import java.util.Locale;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.tools.console.ToolCommand;

/** The hyper-parameters that a search can vary, named as the options of {@code fasthebb run}. */
public enum Parameter {
  /** Learning rate of a Hebbian rule. */
  ETA(true, ValueRange.POSITIVE),
  /** Temperature of soft winner-takes-all. */
  TEMPERATURE(true, ValueRange.POSITIVE),
  /** Number of neurons that win a patch. */
  WINNERS(true, ValueRange.COUNT),
  /** Epsilon of whitening. */
  ZCA_EPSILON(true, ValueRange.POSITIVE),
  /** Epochs of pre-training. */
  EPOCHS(true, ValueRange.COUNT),
  /** Images per step, in both phases. */
  BATCH(true, ValueRange.BATCH),
  /** Learning rate of fine-tuning. */
  RATE(false, ValueRange.POSITIVE),
  /** Weight decay of fine-tuning. */
  DECAY(false, ValueRange.NOT_NEGATIVE),
  /** Dropout of fine-tuning. */
  DROPOUT(false, ValueRange.PROBABILITY),
  /** Epochs of fine-tuning. */
  FINE_TUNE_EPOCHS(false, ValueRange.COUNT);

  private enum ValueRange {
    POSITIVE("over 0"),
    NOT_NEGATIVE("at least 0"),
    PROBABILITY("at least 0 and below 1"),
    COUNT("a whole number, at least 1"),
    BATCH("a whole number, at least 2");

    private final String words;

    ValueRange(String words) {
      this.words = words;
    }

    boolean contains(double value) {
      boolean whole = value == Math.rint(value) && value <= Integer.MAX_VALUE;
      return switch (this) {
        case POSITIVE -> (float) value > 0 && Float.isFinite((float) value);
        case NOT_NEGATIVE -> value >= 0 && Float.isFinite((float) value);
        case PROBABILITY -> value >= 0 && (float) value < 1;
        case COUNT -> whole && value >= 1;
        case BATCH -> whole && value >= 2;
      };
    }
  }

  private final boolean pretraining;
  private final ValueRange range;

  Parameter(boolean pretraining, ValueRange range) {
    this.pretraining = pretraining;
    this.range = range;
  }

  /** Whether pre-training depends on it, rather than fine-tuning alone. */
  public boolean isOfPretraining() {
    return pretraining;
  }

  /** Whether it has an effect on networks pre-trained by {@code method}. */
  public boolean appliesTo(Method method) {
    return switch (this) {
      case ETA -> method.isHebbian();
      case TEMPERATURE -> method.has(Method.Tuning.TEMPERATURE);
      case WINNERS -> method.has(Method.Tuning.WINNERS);
      case ZCA_EPSILON -> method.inputs() == Method.Inputs.WHITENED;
      case EPOCHS -> method.isPretrained();
      case BATCH, RATE, DECAY, DROPOUT, FINE_TUNE_EPOCHS -> true;
    };
  }

  /** Refuses a value that is out of range; null, for an option that was left out, is not one. */
  public void check(ToolCommand command, Number value) {
    command.require(
        value == null || accepts(value.doubleValue()),
        "--" + this + " is " + value + "; it must be " + range.words);
  }

  /** Whether a value is in range. */
  public boolean accepts(double value) {
    return range.contains(value);
  }

  /** The range of values, in words. */
  public String range() {
    return range.words;
  }

  /** The name on the command line, without the dashes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

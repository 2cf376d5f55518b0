package org.fasthebb.tools.option;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.tools.console.ToolCommand;

/**
 * The hyper-parameters, named as the options of {@code fasthebb run}. Each knows which methods and
 * read-outs use it.
 */
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
  FINE_TUNE_EPOCHS(false, ValueRange.COUNT),
  /** Form of a Hebbian rule. */
  FORM(true, ValueRange.NAME),
  /** Loss of an auto-encoder. */
  VAE_LOSS(true, ValueRange.NAME),
  /** Schedule of the learning rate of fine-tuning. */
  SCHEDULE(false, ValueRange.NAME),
  /** Rounds of self-training. */
  SELF_TRAINING(false, ValueRange.NUMBER),
  /** Training images whose features read-outs in closed form see. */
  UNLABELLED(false, ValueRange.NUMBER),
  /** Whether features are of all blocks. */
  JOIN_LAYERS(false, ValueRange.NAME),
  /** Means along a side of the maps that features are pooled to. */
  POOL(false, ValueRange.NUMBER),
  /** Power of features. */
  POWER(false, ValueRange.EXPONENT),
  /** What is added to variances of features before they are whitened. */
  WHITEN_FEATURES(false, ValueRange.EPSILON),
  /** Whether features are means over the mirror image. */
  MIRROR(false, ValueRange.NAME),
  /** Whether features are used without normalising them. */
  RAW_FEATURES(false, ValueRange.NAME);

  private enum ValueRange {
    POSITIVE("over 0"),
    NOT_NEGATIVE("at least 0"),
    PROBABILITY("at least 0 and below 1"),
    EXPONENT("from 0.01 to 10"), // beyond, features are signs, or not finite
    EPSILON("0, or from 0.0001 to 1000000"), // less is lost in rounding errors of covariances
    COUNT("a whole number, at least 1"),
    NUMBER("a whole number, at least 0"),
    BATCH("a whole number, at least 2"),
    NAME("one of its names");

    private final String words;

    ValueRange(String words) {
      this.words = words;
    }

    boolean contains(double value) {
      boolean whole = value == Math.rint(value) && value <= Integer.MAX_VALUE;
      return switch (this) {
        case POSITIVE -> (float) value > 0 && Float.isFinite((float) value);
        case NOT_NEGATIVE -> value >= 0 && Float.isFinite((float) value);
        case EPSILON -> value == 0 || (value >= 1e-4 && value <= 1e6);
        case EXPONENT -> value >= 0.01 && value <= 10;
        case PROBABILITY -> value >= 0 && (float) value < 1;
        case COUNT -> whole && value >= 1;
        case NUMBER -> whole && value >= 0;
        case BATCH -> whole && value >= 2;
        case NAME -> false;
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

  /** Whether it is a number, which a search can vary. */
  public boolean isNumber() {
    return range != ValueRange.NAME;
  }

  /** Whether it has an effect on pre-training by {@code method} with this read-out. */
  public boolean isUsedBy(Method method, ReadOut readOut) {
    return switch (this) {
      case ETA, FORM -> method.isHebbian();
      case VAE_LOSS -> method.learning() == Method.Learning.AUTO_ENCODER;
      case TEMPERATURE -> method.has(Method.Tuning.TEMPERATURE);
      case WINNERS -> method.has(Method.Tuning.WINNERS);
      case ZCA_EPSILON -> method.inputs() == Method.Inputs.WHITENED;
      case EPOCHS -> method.isPretrained();
      case RATE, DECAY, DROPOUT, SCHEDULE -> readOut == ReadOut.FINE_TUNE;
      case FINE_TUNE_EPOCHS -> !readOut.isClosedForm();
      case UNLABELLED -> readOut.isClosedForm();
      case SELF_TRAINING -> readOut == ReadOut.RIDGE;
      case JOIN_LAYERS, POOL, POWER, WHITEN_FEATURES, MIRROR, RAW_FEATURES ->
          readOut != ReadOut.FINE_TUNE;
      case BATCH -> true;
    };
  }

  /** Names who uses this parameter, which {@code method} or its read-out does not use. */
  public String users(Method method, ReadOut readOut) {
    if (!pretraining) {
      return Arrays.stream(ReadOut.values())
          .filter(other -> isUsedBy(method, other))
          .map(ReadOut::toString)
          .collect(
              Collectors.joining(", ", "--read-out " + readOut + "; it is for --read-out ", ""));
    }
    return Method.all().stream()
        .filter(other -> isUsedBy(other, readOut))
        .map(Method::name)
        .collect(Collectors.joining(", ", "--rule " + method + "; it is for ", ""));
  }

  /**
   * Warns of options on the command line that have no effect.
   *
   * @param pretraining whether to look at the options of pre-training, or at those of the read-out
   */
  static void warnOfUnused(
      ToolCommand command, boolean pretraining, Method method, ReadOut readOut) {
    for (Parameter parameter : values()) {
      if (parameter.pretraining == pretraining
          && command.isGiven("--" + parameter)
          && !parameter.isUsedBy(method, readOut)) {
        command.warn("--" + parameter + " has no effect with " + parameter.users(method, readOut));
      }
    }
  }

  /** Refuses a value that is out of range; null, for an option that was left out, is not one. */
  public void check(ToolCommand command, Number value) {
    if (value != null) {
      command.require(
          accepts(value), "--" + this + " is " + value + "; it must be " + range(value));
    }
  }

  /** Whether a value is in range. */
  public boolean accepts(Number value) {
    return !vanishes(value) && range.contains(value.doubleValue());
  }

  /** Whether a value is not 0, but the nearest float is. */
  private static boolean vanishes(Number value) {
    boolean zero =
        value instanceof BigDecimal exact ? exact.signum() == 0 : value.doubleValue() == 0;
    return !zero && value.floatValue() == 0;
  }

  /** What a value that is not accepted must be, in words. */
  public String range(Number value) {
    if (vanishes(value)) {
      return range.words + ", and not so close to 0";
    }
    return value.floatValue() == Float.POSITIVE_INFINITY
        ? range.words + ", and not as large"
        : range.words;
  }

  /** The name on the command line, without the dashes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

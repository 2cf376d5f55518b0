package org.fasthebb.models.protocol;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.random.Rng;

/**
 * Which images are for training, which for validation, and which training images have labels.
 *
 * <p>One seeded shuffle of 0..size-1 decides all: training is its beginning, validation comes next,
 * and the labelled images are the first of the training ones. So with one seed, the labelled images
 * of a smaller fraction are among those of a larger one, and validation is the same for all.
 *
 * <p>Further sets of labels come from further shuffles of the training images: whatever their
 * number, training and validation stay the same.
 */
public final class Split {
  private final int[] train;
  private final int[] validation;
  private final int[] labelOrder;
  private final int labelled;

  private Split(int[] train, int[] validation, int[] labelOrder, int labelled) {
    this.train = train;
    this.validation = validation;
    this.labelOrder = labelOrder;
    this.labelled = labelled;
  }

  /**
   * Splits {@code size} images at random, without balancing the classes.
   *
   * @param size how many images there are
   * @param validation how many to set aside, 0 to size-1
   * @param labelledFraction the part of the training images that have labels, over 0 and at most 1;
   *     the number of images is rounded to the nearest
   * @param seed decides the shuffle
   * @throws DataException if validation leaves no training image, or the fraction is out of range
   *     or so small that no image is labelled
   */
  public static Split of(int size, int validation, double labelledFraction, long seed) {
    return of(size, size, validation, labelledFraction, seed, 0);
  }

  /**
   * Splits the first {@code used} images of the shuffle, and leaves the others unused.
   *
   * @param used at least 1 and at most {@code size}
   * @param labelSet which set of labels, from 0, which is that of {@link #of(int, int, double,
   *     long)}
   */
  static Split of(
      int size, int used, int validation, double labelledFraction, long seed, int labelSet) {
    if (validation < 0 || validation >= used) {
      throw new DataException(
          ("validation must be from 0 to %s images, to leave some of the %s for training, but is"
                  + " %s.")
              .formatted(Math.max(0, used - 1), used, validation));
    }
    int trainSize = used - validation;
    int labelled = labelledCount(trainSize, labelledFraction);
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    new Rng(seed).shuffle(order);
    int[] train = Arrays.copyOf(order, trainSize);
    int[] labelOrder = train.clone();
    if (labelSet > 0) {
      new Rng(Rng.key(seed, labelSet)).shuffle(labelOrder);
    }
    return new Split(train, Arrays.copyOfRange(order, trainSize, used), labelOrder, labelled);
  }

  private static int labelledCount(int trainSize, double fraction) {
    long count = Math.round(fraction * trainSize);
    // Written so that NaN fails too.
    if (!(fraction > 0 && fraction <= 1)) {
      throw new DataException(
          ("labels must be over 0 %% and at most 100 %% of the %s training images, but %s %% (%s"
                  + " images) was asked for.")
              .formatted(trainSize, percent(fraction), count));
    }
    if (count == 0) {
      throw new DataException(
          ("labels of %s %% of the %s training images is 0 images; it must be at least %s %% to"
                  + " have one.")
              .formatted(percent(fraction), trainSize, percent(0.5 / trainSize)));
    }
    return (int) count;
  }

  private static String percent(double fraction) {
    if (!Double.isFinite(fraction)) {
      return Double.toString(fraction);
    }
    // By way of a float, so that 0.07 gives 7 and not 7.000000000000001. Rounded up, so that a
    // least share stays enough.
    BigDecimal exact = new BigDecimal(Float.toString((float) (100 * fraction)));
    return exact.round(new MathContext(4, RoundingMode.UP)).stripTrailingZeros().toPlainString();
  }

  /** A copy of the training images' indices, in shuffled order; at least one. */
  public int[] train() {
    return train.clone();
  }

  /** A copy of the validation images' indices, in shuffled order; may be empty. */
  public int[] validation() {
    return validation.clone();
  }

  /** A copy of the training images' indices, in the order in which they get labels. */
  int[] labelOrder() {
    return labelOrder.clone();
  }

  /** A copy of the labelled images' indices: the first of {@link #labelOrder}; at least one. */
  public int[] labelled() {
    return Arrays.copyOf(labelOrder, labelled);
  }
}

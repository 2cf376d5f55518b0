package org.fasthebb.models.readout;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.fasthebb.models.learn.Classifier;

/**
 * Self-training: a classifier guesses the labels of images without labels, and the surest guesses
 * teach the next classifier. How sure a guess is, is its margin: the difference between the two
 * highest scores. Each class gets as many guesses, so that a class that is guessed often does not
 * crowd out the others.
 */
final class SelfTraining {
  /** The share of the unlabelled images whose guesses are used, if each class has enough. */
  static final double SHARE = 0.5;

  /** The weight of an image with a true label, beside 1 for a guess. */
  static final float TRUE_WEIGHT = 3;

  private SelfTraining() {}

  /** The most guesses that are used of some unlabelled images. */
  static int most(int unlabelled) {
    return (int) (SHARE * unlabelled);
  }

  /** The labelled images, and the surest guesses of {@code teacher}. */
  static TrainingRows rows(ReadOutData data, Classifier teacher) {
    int count = data.unlabelled().length;
    int classes = data.set().classes();
    float[] scores = new float[count * classes];
    data.loader(data.unlabelled())
        .forEachBlock((x, from) -> {
          float[] block = teacher.scores(x).toArray();
          System.arraycopy(block, 0, scores, from * classes, block.length);
        });
    int[] guesses = surest(scores, classes);
    int[] used = IntStream.range(0, count).filter(i -> guesses[i] >= 0).toArray();
    return data.rows(data.labelled(), data.labels(), TRUE_WEIGHT)
        .and(
            data.rows(
                Arrays.stream(used).map(i -> data.unlabelled()[i]).toArray(),
                Arrays.stream(used).map(i -> guesses[i]).toArray(),
                1));
  }

  /** The guessed class of each image that is used, and -1 for the others. */
  static int[] surest(float[] scores, int classes) {
    int count = scores.length / classes;
    int[] guesses = new int[count];
    float[] margins = new float[count];
    for (int i = 0; i < count; i++) {
      float highest = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        float score = scores[i * classes + c];
        if (score > highest) {
          second = highest;
          highest = score;
          guesses[i] = c;
        } else {
          second = Math.max(second, score);
        }
      }
      margins[i] = highest - second;
    }
    int quota = (int) Math.max(1, SHARE * count / classes);
    int[] left = new int[classes];
    Arrays.fill(left, quota);
    int[] used = new int[count];
    Arrays.fill(used, -1);
    IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -margins[i])) // stable: of equals, the first
        .filter(i -> left[guesses[i]]-- > 0)
        .forEachOrdered(i -> used[i] = guesses[i]);
    return used;
  }
}

package org.fasthebb.tools.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.tools.console.Text;

/** What a model said of each image of a test. */
public final class Predictions {
  private static final String HEADER =
      "image,label,predicted,certainty,right,class,predicted_class,file";

  private final ImageSource images;
  private final int[] predicted;
  private final float[] certainty;

  private Predictions(ImageSource images, int[] predicted, float[] certainty) {
    this.images = images;
    this.predicted = predicted;
    this.certainty = certainty;
  }

  /** Collects scores (b, classes) of all images, in their order. */
  public static final class Collector implements Consumer<float[]> {
    private final Predictions into;
    private final boolean probabilities;
    private int next;

    /**
     * Nothing yet.
     *
     * @param probabilities whether the softmax of scores is a probability
     */
    public Collector(ImageSource images, boolean probabilities) {
      into = new Predictions(images, new int[images.size()], new float[images.size()]);
      this.probabilities = probabilities;
    }

    @Override
    public void accept(float[] scores) {
      int classes = into.images.classes();
      for (int from = 0; from < scores.length; from += classes, next++) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
          best = scores[from + c] > scores[from + best] ? c : best;
        }
        into.predicted[next] = best;
        into.certainty[next] = certainty(Arrays.copyOfRange(scores, from, from + classes), best);
      }
    }

    /** The probability of the best class, or how far its score is above the next one. */
    private float certainty(float[] scores, int best) {
      double sum = 0;
      float second = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < scores.length; c++) {
        sum += Math.exp((double) scores[c] - scores[best]);
        second = c == best ? second : Math.max(second, scores[c]);
      }
      return probabilities ? (float) (1 / sum) : scores[best] - second;
    }

    /** All of them, once the scores of all images have come. */
    public Predictions predictions() {
      if (next != into.predicted.length) {
        throw new IllegalStateException(
            "scores of %s of %s images have come".formatted(next, into.predicted.length));
      }
      return into;
    }
  }

  /** The images of the test. */
  ImageSource images() {
    return images;
  }

  /** The class that was predicted for an image. */
  int predicted(int image) {
    return predicted[image];
  }

  /**
   * How certain the model was of it: a probability if its classifier was trained by cross-entropy,
   * else how far the score of the class is above that of the next one.
   */
  float certainty(int image) {
    return certainty[image];
  }

  private boolean isRight(int image) {
    return predicted[image] == images.label(image);
  }

  /** How many images of each class were taken for each class, [class][predicted]. */
  int[][] confusion() {
    int[][] counts = new int[images.classes()][images.classes()];
    for (int i = 0; i < predicted.length; i++) {
      counts[images.label(i)][predicted[i]]++;
    }
    return counts;
  }

  /** The images whose class was mistaken, the most certain mistake first. */
  List<Integer> mistakes() {
    return sorted().filter(i -> !isRight(i)).boxed().toList();
  }

  /** All images: mistakes first, of those and of the others the most certain first. */
  private IntStream sorted() {
    return IntStream.range(0, predicted.length)
        .boxed()
        .sorted(
            Comparator.comparing(this::isRight)
                .thenComparingDouble(i -> -certainty[i])
                .thenComparingInt(i -> i))
        .mapToInt(Integer::intValue);
  }

  /** Writes a row per image: mistakes first, of those and of the others the most certain first. */
  public void write(Path file) throws CheckpointException {
    StringBuilder csv = new StringBuilder(HEADER).append('\n');
    List<String> names = images.classNames();
    sorted()
        .forEach(i ->
            csv.append(
                    Text.csv(
                        List.of(
                            i,
                            images.label(i),
                            predicted[i],
                            certainty[i],
                            isRight(i),
                            names.get(images.label(i)),
                            names.get(predicted[i]),
                            images.nameOf(i))))
                .append('\n'));
    AtomicFile.writeString(file, csv.toString());
  }

  /**
   * The predictions in a file that {@link #write} wrote, if they are of all these images and give
   * this accuracy; else null.
   */
  public static Predictions find(Path file, ImageSource images, Accuracy accuracy) {
    Predictions found = new Predictions(images, new int[images.size()], new float[images.size()]);
    Arrays.fill(found.predicted, -1);
    try {
      for (String row : Files.readString(file).lines().skip(1).toList()) {
        String[] fields = row.split(",", 5);
        if (fields.length == 5 && fields[0].matches("\\d+")) { // not a name of two lines
          int image = Integer.parseInt(fields[0]);
          found.predicted[image] = Integer.parseInt(fields[2]);
          found.certainty[image] = Float.parseFloat(fields[3]);
        }
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null; // missing or damaged: they are computed and written again
    }
    int classes = images.classes();
    long right = IntStream.range(0, images.size()).filter(found::isRight).count();
    boolean whole =
        Arrays.stream(found.predicted).allMatch(each -> each >= 0 && each < classes)
            && (double) right / Math.max(1, images.size()) == accuracy.top1();
    return whole ? found : null;
  }
}

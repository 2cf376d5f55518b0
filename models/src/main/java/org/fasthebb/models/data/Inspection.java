package org.fasthebb.models.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a folder holds, and all problems found in it; the readers stop at the first problem.
 *
 * @param layout cifar10, cifar100, tiny-imagenet, folder or imagenet
 * @param home the folder of the files: the folder that was given, or one in it
 * @param train the training images
 * @param test the test images
 * @param passedOver the files in it that are not read
 * @param problems one sentence each; empty if the data set can be read
 */
public record Inspection(
    String layout,
    Path home,
    InspectedPart train,
    InspectedPart test,
    List<PassedOver> passedOver,
    List<String> problems) {

  /**
   * The images that could be read.
   *
   * @param classes the class names, in label order
   * @param counts how many images each class has
   * @param sizes how many images there are of each size
   */
  public record InspectedPart(
      List<String> classes, List<Integer> counts, SortedMap<Size, Integer> sizes) {
    /** How many images there are. */
    public int images() {
      return counts.stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * The size of an image, in pixels. Sizes are ordered by area.
   *
   * @param width columns
   * @param height rows
   */
  public record Size(int width, int height) implements Comparable<Size> {
    private static final Comparator<Size> ORDER =
        Comparator.comparingLong((Size size) -> (long) size.width * size.height)
            .thenComparingInt(Size::width);

    @Override
    public int compareTo(Size other) {
      return ORDER.compare(this, other);
    }
  }

  /** Counts images; safe for use by many threads. */
  static final class Tally {
    private final List<String> classes;
    private final int[] counts;
    private final SortedMap<Size, Integer> sizes = new TreeMap<>();

    Tally(List<String> classes) {
      this.classes = classes;
      counts = new int[classes.size()];
    }

    synchronized void add(int label, int width, int height) {
      counts[label]++;
      sizes.merge(new Size(width, height), 1, Integer::sum);
    }

    synchronized InspectedPart part() {
      return new InspectedPart(
          classes,
          Arrays.stream(counts).boxed().toList(),
          Collections.unmodifiableSortedMap(new TreeMap<>(sizes)));
    }
  }

  /** Collects the problems of a data set, and what is passed over. */
  public static final class Found extends PassedOver.Count {
    private final String layout;
    private final Path home;
    private final CheckProgress progress;
    private final List<String> sentences = new ArrayList<>();

    /**
     * Nothing found yet.
     *
     * @param layout what {@link Inspection#layout} is to be
     * @param home the folder of the files
     */
    public Found(String layout, Path home, CheckProgress progress) {
      this.progress = progress;
      this.layout = layout;
      this.home = home;
    }

    @Override
    public void add(DataException problem) {
      sentences.add(problem.getMessage());
    }

    /** The folder of the files. */
    public Path home() {
      return home;
    }

    @Override
    public void checked(Path dir, int images, int of) {
      progress.checked(dir, images, of);
    }

    /**
     * The result if no classes were found: without them every file would be reported as wrong too.
     */
    public Inspection nothing() {
      Inspection.InspectedPart empty = new Inspection.Tally(List.of()).part();
      return inspection(empty, empty);
    }

    /** The result. */
    public Inspection inspection(Inspection.InspectedPart train, Inspection.InspectedPart test) {
      return new Inspection(layout, home, train, test, all(), List.copyOf(sentences));
    }
  }

  /** Follows a check. */
  @FunctionalInterface
  public interface CheckProgress {
    /**
     * Receives, from many threads, how many of the image files in {@code dir} have been checked.
     */
    void checked(Path dir, int images, int of);
  }

  /** As the other {@code of}, without telling anyone how far it is. */
  public static List<Inspection> of(Path dir) {
    return of(dir, (_, _, _) -> {});
  }

  /**
   * Reads everything in {@code dir}: the data sets in official folders in it, or the data set whose
   * files it holds itself.
   *
   * @return at least one
   * @throws DataException if {@code dir} is no folder, or holds nothing that looks like a data set
   */
  public static List<Inspection> of(Path dir, CheckProgress progress) {
    if (!Files.isDirectory(dir)) {
      throw new DataException("%s is not a folder; check the name.".formatted(dir));
    }
    List<Inspection> found =
        Arrays.stream(FolderLayout.values())
            .filter(layout -> layout.isIn(dir))
            .map(layout -> layout.inspect(dir, progress))
            .toList();
    if (found.isEmpty()) {
      throw new DataException(
          ("%s holds no data set that is known here; expected the files of CIFAR-10 or CIFAR-100 in"
               + " their binary versions, of Tiny ImageNet, of ImageNet, or folders train and test."
               + " To check a pack, name its file.")
              .formatted(dir));
    }
    return found;
  }
}

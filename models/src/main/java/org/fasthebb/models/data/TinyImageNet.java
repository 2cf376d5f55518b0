package org.fasthebb.models.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.fasthebb.models.image.Orientation;

/**
 * Tiny ImageNet in its official layout: 200 classes with 500 training and 50 validation images
 * each, 64x64 JPEG, some of them grey.
 *
 * <pre>
 *   wnids.txt                     the classes, one WordNet id a line, in label order
 *   words.txt                     WordNet id, tab, names: those of the classes are used
 *   train/WNID/images/*.JPEG
 *   val/images/*.JPEG             the test images here: the official test set has no labels
 *   val/val_annotations.txt       file name, tab, WordNet id, and boxes that are not used
 * </pre>
 *
 * <p>Smaller copies work too: the classes are those of {@code wnids.txt}, and images of other
 * classes are left out. But everything that the text files name must be there.
 */
public final class TinyImageNet {
  private static final String FOLDER = "tiny-imagenet-200";

  private static final String EXPECTED =
      "the files of Tiny ImageNet there, or in a folder " + FOLDER;

  /** The label of classes that are not in wnids.txt. */
  private static final int OTHER = -1;

  private TinyImageNet() {}

  /** As the other {@code read}, but silent about what is passed over. */
  public static DataSet read(Path dir, int side) {
    return read(dir, side, _ -> {});
  }

  /**
   * Reads the data set, named {@code tiny-imagenet}. Images are resized as by {@link
   * ImageFolder#read(Path, int)}, but never turned, as in published results; files are in the order
   * of their classes' ids and of their own names.
   *
   * @param dir the folder that holds {@code wnids.txt}, or the parent of such a folder named {@code
   *     tiny-imagenet-200}
   * @param side the height and width to give each image, at least 1
   * @param notes receives one sentence if files are passed over
   * @throws DataException if a text file or an image that one names is missing, a class has no
   *     training image or no name, a validation image has no class, or an image cannot be read
   */
  public static DataSet read(Path dir, int side, Consumer<String> notes) {
    ImageFolder.requireSide(side);
    PassedOver.Count passedOver = new PassedOver.Count();
    Path home = home(dir);
    // Both are listed before any is decoded, so that a wrong layout is reported at once.
    List<String> ids = ids(home, Problems.STOP);
    List<String> names = classNames(home, ids, Problems.STOP);
    ImageFiles train = train(home, ids, names, passedOver);
    ImageFiles test = test(home, ids, names, passedOver);
    ImageFolder.note(home, passedOver, notes);
    return ImageFiles.dataSet("tiny-imagenet", train, test, side, Orientation.STORED);
  }

  /** The folder of the files: {@code dir}, or the folder in it that has the official name. */
  static Path home(Path dir) {
    Path nested = dir.resolve(FOLDER);
    return Files.isDirectory(nested) ? nested : dir;
  }

  /** The WordNet ids of the classes, in label order. */
  static List<String> ids(Path home, Problems problems) {
    Path file = home.resolve("wnids.txt");
    Set<String> ids = new LinkedHashSet<>();
    for (String id : TextLines.read(file, EXPECTED, problems)) {
      if (!ids.add(id)) {
        problems.add(new DataException("%s names %s twice; remove one line.".formatted(file, id)));
      }
    }
    return List.copyOf(ids);
  }

  /** The first name that {@code words.txt} gives each class. */
  static List<String> classNames(Path home, List<String> ids, Problems problems) {
    Path file = home.resolve("words.txt");
    Map<String, String> words = new HashMap<>();
    Set<String> wanted = new HashSet<>(ids);
    List<String> lines = TextLines.read(file, EXPECTED, problems);
    for (String line : lines) {
      String[] columns = line.split("\t", 2);
      if (columns.length == 2 && wanted.contains(columns[0])) {
        words.put(columns[0], columns[1].split(",", 2)[0].strip());
      }
    }
    for (String id : ids) {
      if (!lines.isEmpty() && !words.containsKey(id)) {
        problems.add(
            new DataException(
                "%s has no names for %s of wnids.txt; extract it from the archive again."
                    .formatted(file, id)));
      }
    }
    return ids.stream().map(id -> words.getOrDefault(id, id)).toList();
  }

  /** The training files, class by class. */
  static ImageFiles train(Path home, List<String> ids, List<String> names, Problems problems) {
    Path train = home.resolve("train");
    FileIndex.Builder index = new FileIndex.Builder();
    for (int label = 0; label < ids.size(); label++) {
      Path folder = train.resolve(ids.get(label)).resolve("images");
      List<FolderListing.ListedImage> files =
          Files.isDirectory(folder) ? FolderListing.images(folder, problems) : List.of();
      if (files.isEmpty() && (!Files.exists(folder) || Files.isReadable(folder))) {
        problems.add(
            new DataException(
                ("%s has no images, but wnids.txt names that class; extract it from the archive"
                        + " again, or remove the line.")
                    .formatted(folder)));
      }
      index.folder(folder);
      for (FolderListing.ListedImage file : files) {
        index.add(file.name(), 0, file.bytes(), label);
      }
    }
    for (String folder :
        Files.isDirectory(train) ? FolderListing.folders(train, problems) : List.<String>of()) {
      if (!ids.contains(folder)) {
        FolderListing.passOverAll(train.resolve(folder), PassedOver.Reason.OTHER_CLASS, problems);
      }
    }
    return new ImageFiles(train, names, index.build());
  }

  /** The validation files, by name. */
  static ImageFiles test(Path home, List<String> ids, List<String> names, Problems problems) {
    Path folder = home.resolve("val").resolve("images");
    Path annotations = home.resolve("val").resolve("val_annotations.txt");
    Map<String, Integer> labels = new HashMap<>();
    for (int label = 0; label < ids.size(); label++) {
      labels.put(ids.get(label), label);
    }
    Map<String, Integer> annotated = annotated(annotations, labels, problems);
    FileIndex.Builder index = new FileIndex.Builder().folder(folder);
    if (annotated.isEmpty()) {
      return new ImageFiles(folder, names, index.build()); // the problem has been reported
    }
    for (FolderListing.ListedImage listed :
        Files.isDirectory(folder)
            ? FolderListing.images(folder, problems)
            : List.<FolderListing.ListedImage>of()) {
      String file = listed.name();
      Integer label = annotated.remove(file);
      if (label == null) {
        problems.add(
            new DataException(
                "%s has no class in %s; add its line there or remove it."
                    .formatted(folder.resolve(file), annotations)));
      } else if (label != OTHER) {
        index.add(file, 0, listed.bytes(), label);
      } else {
        problems.passOver(new PassedOver(folder, PassedOver.Reason.OTHER_CLASS, 1, file));
      }
    }
    annotated.values().removeIf(label -> label == OTHER);
    for (String file : annotated.keySet()) {
      problems.add(
          new DataException(
              ("%s is missing, but %s names it; extract it from the archive again, or remove the"
                      + " line.")
                  .formatted(folder.resolve(file), annotations)));
    }
    FileIndex files = index.build();
    if (files.size() == 0) {
      problems.add(
          new DataException(
              "%s has no images of the classes in wnids.txt; extract it from the archive again."
                  .formatted(folder)));
    }
    return new ImageFiles(folder, names, files);
  }

  /** Labels by file name, in the order of the file. */
  private static Map<String, Integer> annotated(
      Path file, Map<String, Integer> labels, Problems problems) {
    Map<String, Integer> annotated = new LinkedHashMap<>();
    for (String line : TextLines.read(file, EXPECTED, problems)) {
      String[] columns = line.split("\t");
      if (columns.length < 2) {
        problems.add(
            new DataException(
                "%s has the line '%s', which is no file name, tab and class; correct it."
                    .formatted(file, line)));
      } else {
        annotated.put(columns[0], labels.getOrDefault(columns[1], OTHER));
      }
    }
    return annotated;
  }
}

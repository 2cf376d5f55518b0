package org.fasthebb.models.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fasthebb.models.image.Orientation;

/**
 * A data set in folders of image files: {@code train/CLASS/FILE} and {@code test/CLASS/FILE}; if
 * there is no {@code test}, {@code val} is read.
 *
 * <p>JPEG, PNG, GIF, BMP, TIFF and binary PPM files are read, told by their bytes, whatever their
 * names. Classes, and the files in each, are in the order of their names, so the same folders
 * always give the same data set. All other files, those in further folders, and names that start
 * with a dot are passed over and counted.
 */
public final class ImageFolder {
  /** The largest side of an image whose bytes fit an array. */
  private static final int MOST_SIDE = 1 << 14;

  /** The class of images without labels. */
  public static final String UNLABELLED = "unlabelled";

  private ImageFolder() {}

  /** As the other {@code read}, with photos upright, and silent about what is passed over. */
  public static DataSet read(Path dir, int side) {
    return read(dir, side, Orientation.UPRIGHT, _ -> {});
  }

  /**
   * Reads the data set, named after the folder. Each image is resized bilinearly until its shorter
   * side is {@code side}, then its centre is cropped; grey becomes RGB. If the images together take
   * more than a quarter of the heap, each is decoded when it is asked for.
   *
   * @param dir the folder that holds {@code train} and {@code test} or {@code val}
   * @param side the height and width to give each image, at least 1
   * @param orientation whether photos are turned as their cameras noted
   * @param notes receives one sentence if files are passed over
   * @throws DataException if a folder is missing, there is no class, a class has no image, a test
   *     class is not a training class, or an image cannot be read
   */
  public static DataSet read(Path dir, int side, Orientation orientation, Consumer<String> notes) {
    requireSide(side);
    PassedOver.Count passedOver = new PassedOver.Count();
    // Both are listed before any is decoded, so that a wrong layout is reported at once.
    ImageFiles train = train(dir, passedOver);
    ImageFiles test = test(dir, train.classes(), passedOver);
    note(dir, passedOver, notes);
    String name = String.valueOf(dir.toAbsolutePath().normalize().getFileName());
    return ImageFiles.dataSet(name, train, test, side, orientation);
  }

  /**
   * Reads images without labels: all in the folder, and in the folders below it, in the order of
   * {@link FolderListing#tree}. They are training images of one class, {@link #UNLABELLED}, and
   * there are no test images.
   *
   * @param dir any folder
   * @throws DataException if there is no image, or one cannot be read
   */
  public static DataSet readUnlabelled(
      Path dir, int side, Orientation orientation, Consumer<String> notes) {
    requireSide(side);
    PassedOver.Count passedOver = new PassedOver.Count();
    FileIndex.Builder found = new FileIndex.Builder().folder(dir);
    FolderListing.tree(dir, passedOver).forEach(file -> found.add(file.name(), 0, file.bytes(), 0));
    FileIndex index = found.build();
    if (index.size() == 0) {
      throw new DataException(dir + " has no image that can be read; name another folder.");
    }
    note(dir, passedOver, notes);
    List<String> classes = List.of(UNLABELLED);
    ImageFiles train = new ImageFiles(dir, classes, index);
    ImageFiles none = new ImageFiles(dir, classes, new FileIndex.Builder().build());
    String name = String.valueOf(dir.toAbsolutePath().normalize().getFileName());
    return ImageFiles.dataSet(name, train, none, side, orientation);
  }

  /**
   * Checks the height and width to give images.
   *
   * @throws DataException if it is not from 1 to 16,384
   */
  public static void requireSide(int side) {
    if (side < 1 || side > MOST_SIDE) {
      throw new DataException(
          "the image side must be from 1 to %s, but is %s.".formatted(MOST_SIDE, side));
    }
  }

  /** Says in one sentence what is passed over, if anything is. */
  public static void note(Path dir, PassedOver.Count passedOver, Consumer<String> notes) {
    List<PassedOver> files = passedOver.all();
    if (!files.isEmpty()) {
      notes.accept(PassedOver.sentence(dir, files));
    }
  }

  /** The training files; without their folder there are no classes. */
  static ImageFiles train(Path dir, Problems problems) {
    Path train = dir.resolve("train");
    List<String> classes = classNames(dir, train, "train", problems);
    if (Files.isDirectory(dir)) {
      FolderListing.passOverLoose(dir, problems);
    }
    return new ImageFiles(train, classes, index(train, classes, classes, problems));
  }

  /** The test files. */
  static ImageFiles test(Path dir, List<String> classes, Problems problems) {
    Path val = dir.resolve("val");
    boolean hasTest = Files.isDirectory(dir.resolve("test"));
    Path test = hasTest ? dir.resolve("test") : val;
    if (hasTest && Files.isDirectory(val)) {
      FolderListing.passOverAll(val, PassedOver.Reason.BESIDE_TEST, problems);
    }
    List<String> known = new ArrayList<>();
    for (String name : classNames(dir, test, "test or val", problems)) {
      if (classes.contains(name)) {
        known.add(name);
      } else {
        problems.add(
            new DataException(
                "%s is a class that %s does not have; add it there or remove it here."
                    .formatted(test.resolve(name), dir.resolve("train"))));
      }
    }
    return new ImageFiles(test, classes, index(test, known, classes, problems));
  }

  private static List<String> classNames(Path dir, Path part, String what, Problems problems) {
    if (!Files.isDirectory(part)) {
      problems.add(
          new DataException(
              "%s has no folder %s; expected images as train/CLASS/FILE and test/CLASS/FILE (or val)."
                  .formatted(dir, what)));
      return List.of();
    }
    List<String> names = FolderListing.folders(part, problems);
    if (names.isEmpty() && Files.isReadable(part)) {
      problems.add(
          new DataException(
              "%s has no class folders; expected images as %s/CLASS/FILE."
                  .formatted(part, part.getFileName())));
    }
    return names;
  }

  private static FileIndex index(
      Path dir, List<String> present, List<String> classes, Problems problems) {
    FileIndex.Builder index = new FileIndex.Builder();
    for (String name : present) {
      Path folder = dir.resolve(name);
      List<FolderListing.ListedImage> files = FolderListing.images(folder, problems);
      if (files.isEmpty() && Files.isReadable(folder)) {
        problems.add(
            new DataException(
                "%s has no images that can be read directly in it; add some or remove it."
                    .formatted(folder)));
      }
      int label = classes.indexOf(name);
      index.folder(folder);
      files.forEach(file -> index.add(file.name(), 0, file.bytes(), label));
    }
    return index.build();
  }
}

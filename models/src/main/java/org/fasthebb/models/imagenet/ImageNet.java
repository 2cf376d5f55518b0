package org.fasthebb.models.imagenet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.FileIndex;
import org.fasthebb.models.data.FolderListing;
import org.fasthebb.models.data.ImageFiles;
import org.fasthebb.models.data.ImageFolder;
import org.fasthebb.models.data.Inspection;
import org.fasthebb.models.data.PassedOver;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.image.Orientation;

/**
 * ImageNet (ILSVRC2012): 1,281,167 training and 50,000 validation images of 1,000 classes, in any
 * of the layouts that it is published or usually kept in.
 *
 * <pre>
 *   archives   ILSVRC2012_img_train.tar, ILSVRC2012_img_val.tar, ILSVRC2012_devkit_t12.tar.gz;
 *              they are read as they are, not unpacked
 *   Kaggle     ILSVRC/Data/CLS-LOC/train/WNID/*.JPEG and val/*.JPEG,
 *              LOC_synset_mapping.txt and LOC_val_solution.csv beside ILSVRC
 *   folders    train/WNID/*.JPEG and val/WNID/*.JPEG; names of the classes in words if the
 *              development kit or LOC_synset_mapping.txt lies beside them
 * </pre>
 *
 * <p>The validation images are the test images here, since the official test images have no labels.
 * In all layouts the images of both parts are in the order of their classes' wnids, which are the
 * labels, and then of their names; so all layouts give the same data set, with the same
 * fingerprint.
 */
public final class ImageNet {
  private static final String NAME = "imagenet";

  private static final List<String> ARCHIVES =
      List.of(OfficialArchives.TRAIN, OfficialArchives.VAL, Devkit.FILE);

  private ImageNet() {}

  /** The files that were found. */
  private record FoundParts(ImageFiles train, ImageFiles test) {
    static FoundParts of(
        Path train, FileIndex trainFiles, Path test, FileIndex testFiles, Synsets synsets) {
      return new FoundParts(
          new ImageFiles(train, synsets.names(), trainFiles),
          new ImageFiles(test, synsets.names(), testFiles));
    }
  }

  /** A layout that a folder has. */
  private enum ImageNetLayout {
    ARCHIVES,
    KAGGLE,
    FOLDERS
  }

  /**
   * Reads the data set, named {@code imagenet}. Images are resized as by {@link
   * ImageFolder#read(Path, int)}, but never turned, as in published results, and each time that
   * they are asked for.
   *
   * @param dir the folder of the archives, of Kaggle's {@code ILSVRC} or that folder itself, or of
   *     {@code train} and {@code val}
   * @param side the height and width to give each image, at least 1
   * @param notes receives one sentence if files are passed over
   * @throws DataException if something is missing, damaged, or not as the lists of classes say
   */
  public static DataSet read(Path dir, int side, Consumer<String> notes) {
    ImageFolder.requireSide(side);
    PassedOver.Count passedOver = new PassedOver.Count();
    FoundParts parts = parts(dir, layout(dir), passedOver);
    ImageFolder.note(dir, passedOver, notes);
    return new DataSet(
        NAME,
        parts.train.onDemand(side, Orientation.STORED),
        parts.test.onDemand(side, Orientation.STORED));
  }

  /** Whether {@code dir} looks like ImageNet, whole or damaged, and not like any other data set. */
  public static boolean isIn(Path dir) {
    Path train = dir.resolve("train");
    if (kaggle(dir).isPresent() || has(dir, OfficialArchives.TRAIN, OfficialArchives.VAL) > 0) {
      return true;
    }
    if (Files.exists(dir.resolve("wnids.txt")) || !Files.isDirectory(train)) {
      return false; // that is Tiny ImageNet
    }
    try (Stream<Path> folders = Files.list(train)) {
      return folders.anyMatch(folder -> folder.getFileName().toString().matches("n\\d{8}"));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads everything and says what it found.
   *
   * @param progress receives how many images are checked
   * @throws DataException if {@code dir} holds nothing that looks like ImageNet
   */
  public static Inspection inspect(Path dir, Inspection.CheckProgress progress) {
    ImageNetLayout layout = layout(dir);
    String form =
        switch (layout) {
          case ARCHIVES -> "archives";
          case KAGGLE -> "Kaggle's folders";
          case FOLDERS -> "folders";
        };
    Inspection.Found found = new Inspection.Found(NAME + " (" + form + ")", dir, progress);
    FoundParts parts = parts(dir, layout, found);
    if (parts.train.classes().isEmpty()) {
      return found.nothing();
    }
    return found.inspection(
        parts.train.inspect(Orientation.STORED, found),
        parts.test.inspect(Orientation.STORED, found));
  }

  private static ImageNetLayout layout(Path dir) {
    int archives = has(dir, OfficialArchives.TRAIN, OfficialArchives.VAL);
    int folders = has(dir, "train", "val");
    if (kaggle(dir).isPresent()) {
      return ImageNetLayout.KAGGLE;
    }
    // Of an incomplete layout beside a complete one, the complete one is meant.
    boolean all = archives == 2 && has(dir, Devkit.FILE) == 1;
    if (all || (archives > 0 && folders < 2)) {
      return ImageNetLayout.ARCHIVES;
    }
    if (folders > 0) {
      return ImageNetLayout.FOLDERS;
    }
    throw new DataException(
        ("%s holds no ImageNet; expected %s, or Kaggle's folder ILSVRC, or images as"
                + " train/WNID/FILE and val/WNID/FILE.")
            .formatted(dir, String.join(", ", ARCHIVES)));
  }

  private static int has(Path dir, String... names) {
    return (int) Stream.of(names).filter(name -> Files.exists(dir.resolve(name))).count();
  }

  private static FoundParts parts(Path dir, ImageNetLayout layout, Problems problems) {
    return switch (layout) {
      case ARCHIVES -> archives(dir, problems);
      case KAGGLE -> kaggle(kaggle(dir).orElseThrow(), problems);
      case FOLDERS -> folders(dir, problems);
    };
  }

  private static FoundParts archives(Path dir, Problems problems) {
    Path train = dir.resolve(OfficialArchives.TRAIN);
    Path val = dir.resolve(OfficialArchives.VAL);
    List<String> missing =
        ARCHIVES.stream().filter(name -> !Files.exists(dir.resolve(name))).toList();
    if (!missing.isEmpty()) {
      problems.add(
          new DataException(
              "%s lacks %s; download it from image-net.org to lie beside the other archives."
                  .formatted(dir, String.join(" and ", missing))));
      return none(dir);
    }
    Devkit kit = Devkit.read(dir.resolve(Devkit.FILE), problems);
    Synsets synsets = Synsets.of(kit.words());
    if (synsets.wnids().isEmpty()) {
      return none(dir);
    }
    return FoundParts.of(
        train,
        OfficialArchives.train(train, synsets, problems),
        val,
        OfficialArchives.validation(val, synsets, kit.truth(), problems),
        synsets);
  }

  /** Nothing, since without classes every file would be reported as wrong too. */
  private static FoundParts none(Path dir) {
    FileIndex empty = new FileIndex.Builder().build();
    return FoundParts.of(dir, empty, dir, empty, Synsets.of(List.of(), Map.of()));
  }

  /** Kaggle's folder of images. */
  private static Optional<Path> kaggle(Path dir) {
    return Stream.of(dir.resolve("ILSVRC"), dir)
        .map(home -> home.resolve("Data").resolve("CLS-LOC"))
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static FoundParts kaggle(Path images, Problems problems) {
    Path train = images.resolve("train");
    Path val = images.resolve("val");
    for (Path part : List.of(train, val)) {
      if (!Files.isDirectory(part)) {
        problems.add(
            new DataException(
                "%s is missing; unpack it from Kaggle's archive again.".formatted(part)));
        return none(images);
      }
    }
    SortedMap<String, String> words =
        WnidFolders.mapping(list(images, WnidFolders.MAPPING), problems);
    Synsets synsets = Synsets.of(words);
    if (synsets.wnids().isEmpty()) {
      return none(images);
    }
    Path solution = list(images, WnidFolders.SOLUTION);
    return FoundParts.of(
        train,
        WnidFolders.byClass(train, synsets, true, WnidFolders.MAPPING, problems),
        val,
        WnidFolders.validation(val, solution, synsets, problems),
        synsets);
  }

  /** One of Kaggle's lists: beside ILSVRC, or in it. */
  private static Path list(Path images, String name) {
    Path inside = images.resolve("../../" + name).normalize();
    return Files.exists(inside) ? inside : images.resolve("../../../" + name).normalize();
  }

  private static FoundParts folders(Path dir, Problems problems) {
    Path train = dir.resolve("train");
    Path val = dir.resolve("val");
    for (Path part : List.of(train, val)) {
      if (!Files.isDirectory(part)) {
        problems.add(
            new DataException(
                "%s is missing; expected images as train/WNID/FILE and val/WNID/FILE."
                    .formatted(part)));
        return none(dir);
      }
    }
    List<String> wnids = FolderListing.folders(train, Problems.STOP);
    if (wnids.isEmpty()) {
      problems.add(
          new DataException(
              "%s has no class folders; expected images as train/WNID/FILE.".formatted(train)));
      return none(dir);
    }
    Map<String, String> words = words(dir, problems);
    String unknown =
        wnids.stream()
            .filter(wnid -> !words.isEmpty() && !words.containsKey(wnid))
            .map(wnid -> train.resolve(wnid).toString())
            .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      problems.add(
          new DataException(
              "%s is no class of the list of classes in %s; remove one of the two."
                  .formatted(unknown, dir)));
    }
    Synsets synsets = Synsets.of(wnids, words);
    return FoundParts.of(
        train,
        WnidFolders.byClass(train, synsets, true, train.toString(), problems),
        val,
        WnidFolders.byClass(val, synsets, false, train.toString(), problems),
        synsets);
  }

  /** The words for classes, from a list beside the folders, if there is one. */
  private static Map<String, String> words(Path dir, Problems problems) {
    if (Files.exists(dir.resolve(Devkit.FILE))) {
      return Devkit.read(dir.resolve(Devkit.FILE), problems).words();
    }
    Path mapping = dir.resolve(WnidFolders.MAPPING);
    return Files.exists(mapping) ? WnidFolders.mapping(mapping, problems) : Map.of();
  }
}

package org.fasthebb.models.imagenet;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.FileIndex;
import org.fasthebb.models.data.FolderListing;
import org.fasthebb.models.data.FolderListing.ListedImage;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.data.TextLines;

/** ImageNet in folders: one for each class, named by its wnid, or one for all validation images. */
final class WnidFolders {
  /** Kaggle's list of classes: on each line a wnid, a blank and words. */
  static final String MAPPING = "LOC_synset_mapping.txt";

  /** Kaggle's list of validation images: on each line a name, a comma, a wnid and boxes. */
  static final String SOLUTION = "LOC_val_solution.csv";

  private static final int NONE = -1;

  private WnidFolders() {}

  /** The words of each class in Kaggle's list, by wnid. */
  static SortedMap<String, String> mapping(Path file, Problems problems) {
    TreeMap<String, String> words = new TreeMap<>();
    for (String line : TextLines.read(file, expected(), problems)) {
      String[] columns = line.split(" ", 2);
      words.put(columns[0], columns.length == 2 ? columns[1] : columns[0]);
    }
    return words;
  }

  private static String expected() {
    return "%s and %s of Kaggle's data set beside its folder ILSVRC".formatted(MAPPING, SOLUTION);
  }

  /**
   * The images in a folder of class folders, class by class, sorted by name.
   *
   * @param complete whether each class must have images
   * @param source what names the classes, for messages
   */
  static FileIndex byClass(
      Path dir, Synsets synsets, boolean complete, String source, Problems problems) {
    List<String> folders = FolderListing.folders(dir, problems);
    Map<String, Integer> labels = synsets.labels();
    for (String folder : folders) {
      if (!labels.containsKey(folder)) {
        problems.add(
            new DataException(
                "%s is no class of %s; remove it or add it there."
                    .formatted(dir.resolve(folder), source)));
      }
    }
    return ParallelListing.list(
        synsets.wnids().size(),
        (label, found) -> {
          Path folder = dir.resolve(synsets.wnids().get(label));
          boolean isThere = Files.isDirectory(folder);
          List<ListedImage> images =
              isThere ? FolderListing.images(folder, found) : List.<ListedImage>of();
          if (images.isEmpty() && (isThere || complete)) {
            found.add(
                new DataException(
                    "%s has no images, but %s names that class; unpack it again."
                        .formatted(folder, source)));
          }
          FileIndex.Builder index = new FileIndex.Builder().folder(folder);
          images.forEach(image -> index.add(image.name(), 0, image.bytes(), label));
          return index.build();
        },
        problems);
  }

  /** Kaggle's validation images, all in one folder, class by class, sorted by name. */
  static FileIndex validation(Path dir, Path solution, Synsets synsets, Problems problems) {
    Map<String, Integer> labels = synsets.labels();
    Object2IntOpenHashMap<String> byName = new Object2IntOpenHashMap<>();
    byName.defaultReturnValue(NONE);
    List<String> lines = TextLines.read(solution, expected(), problems);
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String[] columns = line.split("[, ]", 3);
      int label = columns.length < 2 ? NONE : labels.getOrDefault(columns[1], NONE);
      if (label == NONE) {
        problems.add(
            new DataException(
                "%s has the line '%s', which is no name, comma and class; get it again."
                    .formatted(solution, line)));
      } else {
        byName.put(columns[0], label);
      }
    }
    FileIndex.Builder index = new FileIndex.Builder().folder(dir);
    if (byName.isEmpty()) {
      return index.build(); // the problem has been reported
    }
    List<List<ListedImage>> byClass = new ArrayList<>();
    labels.forEach((_, _) -> byClass.add(new ArrayList<>()));
    for (ListedImage image : FolderListing.images(dir, problems)) {
      int dot = image.name().lastIndexOf('.');
      int label = byName.removeInt(dot < 0 ? image.name() : image.name().substring(0, dot));
      if (label == NONE) {
        problems.add(
            new DataException(
                "%s has no class in %s; add its line there or remove it."
                    .formatted(dir.resolve(image.name()), solution)));
      } else {
        byClass.get(label).add(image);
      }
    }
    if (!byName.isEmpty()) {
      problems.add(
          new DataException(
              "%s lacks %s images that %s names, such as %s; unpack it again."
                  .formatted(
                      dir,
                      byName.size(),
                      solution,
                      byName.keySet().stream().sorted().findFirst().orElseThrow())));
    }
    for (int label = 0; label < byClass.size(); label++) {
      for (ListedImage image : byClass.get(label)) {
        index.add(image.name(), 0, image.bytes(), label);
      }
    }
    return index.build();
  }
}

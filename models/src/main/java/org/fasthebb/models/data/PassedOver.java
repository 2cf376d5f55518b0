package org.fasthebb.models.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Files in the folders of a data set that are not read.
 *
 * @param folder the folder that they lie in, or below
 * @param reason why they are not read
 * @param files how many there are
 * @param example the name of the first, seen from {@code folder}
 */
public record PassedOver(Path folder, Reason reason, int files, String example) {
  /** Why a file is not read. */
  public enum Reason {
    FORMAT("format is not read"),
    SUB_FOLDER("in a sub-folder"),
    LOOSE("outside the class folders"),
    LINK("link to nothing"),
    HIDDEN("hidden"),
    NO_IMAGE("not an image"),
    OTHER_CLASS("class is not in wnids.txt"),
    BESIDE_TEST("in val, which test takes the place of");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** A few words, for one file or many. */
    @Override
    public String toString() {
      return words;
    }
  }

  private PassedOver plus(PassedOver more) {
    return new PassedOver(folder, reason, files + more.files, example);
  }

  /** Counts by folder and reason; stops at the first problem. */
  public static class Count implements Problems {
    private final Map<Path, Map<Reason, PassedOver>> byFolder = new TreeMap<>();

    /** None yet. */
    public Count() {}

    @Override
    public void add(DataException problem) {
      throw problem;
    }

    @Override
    public final void passOver(PassedOver files) {
      byFolder
          .computeIfAbsent(files.folder, _ -> new EnumMap<>(Reason.class))
          .merge(files.reason, files, PassedOver::plus);
    }

    /** All of them, in the order of folders, then of reasons. */
    public final List<PassedOver> all() {
      List<PassedOver> all = new ArrayList<>();
      byFolder.values().forEach(reasons -> all.addAll(reasons.values()));
      return all;
    }
  }

  /**
   * All in one sentence, such as "17 files in photos are left out: in a sub-folder (10), hidden
   * (7)."
   *
   * @param files at least one
   */
  static String sentence(Path dir, List<PassedOver> files) {
    Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    files.forEach(part -> counts.merge(part.reason, part.files, Integer::sum));
    int sum = counts.values().stream().mapToInt(Integer::intValue).sum();
    return "%s %s in %s %s left out: %s."
        .formatted(
            sum,
            sum == 1 ? "file" : "files",
            dir,
            sum == 1 ? "is" : "are",
            counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(count -> count.getKey() + " (" + count.getValue() + ")")
                .collect(Collectors.joining(", ")));
  }
}

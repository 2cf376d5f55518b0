package org.fasthebb.models.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The identity of a run: all that decides on its bits, as text. It is a list of words {@code
 * name=value} with a space between two, or {@code name} alone for a setting that is on. The
 * identity of the run that it started from may follow, after {@code from:}. Defaults of settings
 * may be left out.
 */
public final class Identity {
  /** Stands before the identity of the run that a run started from. */
  public static final String FROM = " from: ";

  private static final String KERNELS = "kernels";

  /** Settings that are on or off. */
  private static final List<String> SWITCHES = List.of("normalised", "mirrored", "unit_length");

  private Identity() {}

  /**
   * A setting in which two identities differ.
   *
   * @param name of the setting, as on the command line
   * @param one its value in the first; null if it is left out there
   * @param two its value in the second; null if it is left out there
   */
  public record Difference(String name, String one, String two) {
    /** The second value as a word, such as {@code epochs=0}, {@code mirrored} or {@code no-x}. */
    public String word() {
      return two == null ? "no-" + name : two.isEmpty() ? name : name + "=" + two;
    }

    private String sentence() {
      return name + " is " + value(one, two) + " there and " + value(two, one) + " here";
    }

    private static String value(String value, String other) {
      if (value == null) {
        return other.isEmpty() ? "off" : "the default";
      }
      return value.isEmpty() ? "on" : value;
    }
  }

  /**
   * The identity of a run.
   *
   * @param settings all but the kernels
   * @param kernels those of the backend that computes
   */
  public static String of(String settings, String kernels) {
    return settings + " " + KERNELS + "=" + kernels;
  }

  /**
   * Refuses a file that belongs to another run. Files of version 0.1 do not say which kernels
   * computed them; they pass whatever the kernels are.
   *
   * @param identity of this run
   * @param found the identity in the file; null if it has none
   * @throws CheckpointException if they differ
   */
  public static void requireSame(Path file, String identity, String found)
      throws CheckpointException {
    requireSame(List.of(file), identity, found);
  }

  /** As for one file, but for several of the same run, which the message names all. */
  public static void requireSame(List<Path> files, String identity, String found)
      throws CheckpointException {
    if (identity.equals(found)) {
      return;
    }
    if (found == null) {
      throw new CheckpointException(
          names(files, " does", " do")
              + " not say which run it belongs to; choose another output folder, or remove it");
    }
    List<Difference> differences = refused(identity, found);
    if (differences.isEmpty()) {
      return;
    }
    Difference first = differences.getFirst();
    if (differences.size() == 1 && first.name.equals(KERNELS)) {
      throw new CheckpointException(
          names(files, " was", " were")
              + " computed by other kernels, whose sums differ in their last bits: "
              + first.sentence()
              + "; go on with "
              + option(first.one)
              + ", or choose another output folder");
    }
    throw new CheckpointException(
        names(files, " belongs", " belong")
            + " to a run with other settings: "
            + String.join(", ", differences.stream().map(Difference::sentence).toList())
            + "; choose another output folder, or remove "
            + (files.size() == 1 ? "it" : "them"));
  }

  /** Whether a file with the identity {@code found}, or null, belongs to the run. */
  public static boolean isSame(String identity, String found) {
    return found != null && refused(identity, found).isEmpty();
  }

  private static List<Difference> refused(String identity, String found) {
    List<Difference> differences = new ArrayList<>(differences(found, identity));
    differences.removeIf(d -> d.name.endsWith(KERNELS) && d.one == null);
    return differences;
  }

  private static String names(List<Path> files, String isOne, String areMany) {
    String names = String.join(" and ", files.stream().map(Path::toString).toList());
    return names + (files.size() == 1 ? isOne : areMany);
  }

  /** What makes the program compute by some kernels. */
  private static String option(String kernels) {
    return switch (kernels) {
      case "cuda" -> "--device cuda";
      case "cuda-tf32" -> "--device cuda --tf32";
      default -> "--kernels " + kernels;
    };
  }

  /**
   * The settings in which two identities differ, in the order of the first one. If these are equal,
   * the settings of the runs that they started from.
   */
  public static List<Difference> differences(String one, String two) {
    String[] first = one.split(FROM, 2);
    String[] second = two.split(FROM, 2);
    List<Difference> found = differences(settings(first[0]), settings(second[0]), "");
    if (found.isEmpty() && first.length == 2 && second.length == 2) {
      return differences(settings(first[1]), settings(second[1]), "the pre-trained model's ");
    }
    return found;
  }

  private static List<Difference> differences(
      Map<String, String> one, Map<String, String> two, String prefix) {
    Map<String, String> all = new LinkedHashMap<>(one);
    two.forEach(all::putIfAbsent);
    return all.keySet().stream()
        .filter(name -> !Objects.equals(one.get(name), two.get(name)))
        .map(name -> new Difference(prefix + name.replace('_', '-'), one.get(name), two.get(name)))
        .toList();
  }

  /**
   * The settings in an identity by name, in its order, without those of the run that it started
   * from; the value of a switch that is on is empty.
   */
  public static Map<String, String> settings(String identity) {
    Map<String, String> settings = new LinkedHashMap<>();
    String last = "";
    for (String word : identity.split(FROM, 2)[0].split(" ")) {
      int equals = word.indexOf('=');
      if (SWITCHES.contains(word)) {
        settings.put(word, "");
      } else if (equals > 0) {
        last = word.substring(0, equals);
        settings.put(last, word.substring(equals + 1));
      } else {
        settings.merge(last, " " + word, String::concat); // a value with a space in it
      }
    }
    return settings;
  }
}

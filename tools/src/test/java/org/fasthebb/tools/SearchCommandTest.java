package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search on a few images. */
class SearchCommandTest {
  @TempDir static Path dir;

  private static String images;

  @BeforeAll
  static void write() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 10, 3).toString();
  }

  private static Program search(Path out, String... more) {
    String[] args = {
      "--labels",
      "100%",
      "--epochs",
      "1",
      "--fine-tune-epochs",
      "1",
      "--batch",
      "8",
      "--threads",
      "2",
      "--out",
      out.toString()
    };
    return Program.onFolder(
        images, "search", Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static List<String> points(Path out) throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aSearchThatWasCutOffEndsTheSame() throws IOException {
    String[] space = {"--space", "rate=1e-3,1e-2", "dropout=0,0.5", "eta=1e-3"};
    Path calm = dir.resolve("calm");
    Program whole =
        search(
                calm,
                Stream.concat(Stream.of(space), Stream.of("--trials", "3")).toArray(String[]::new))
            .succeeds();
    String csv = Files.readString(calm.resolve("search.csv"));
    assertTrue(csv.startsWith("trial,rate,dropout,eta,validation,best\n1,0.0"), csv);
    assertEquals(4, csv.lines().count(), csv);
    assertEquals(1, csv.lines().filter(line -> line.endsWith(",true")).count(), csv);
    assertEquals(5, points(calm).size(), "one pre-training, three points and the table");
    assertTrue(points(calm).contains("pretraining-eta=0.001-seed0"), points(calm).toString());
    assertEquals("| trial | rate | dropout | eta | validation, % |", whole.out().getFirst());
    String best = whole.out().getLast();
    assertTrue(best.startsWith("test it: ./fasthebb run --data folder"), best);
    Main.commandLine().parseArgs(best.replace("test it: ./fasthebb ", "").split(" "));

    Path cut = dir.resolve("cut");
    String[] same = {"--space", "rate=1e-3,1e-2 dropout=0,0.5 eta=1e-3", "--trials"};
    search(cut, same[0], same[1], same[2], "1").succeeds();
    Program more = search(cut, same[0], same[1], same[2], "3").succeeds();
    assertEquals(csv, Files.readString(cut.resolve("search.csv")));
    assertFalse(more.err().stream().anyMatch(line -> line.contains("trial 1:")));
    Program again = search(cut, same[0], same[1], same[2], "3").succeeds();
    assertFalse(again.err().stream().anyMatch(line -> line.contains("trial ")));
    assertEquals(csv, Files.readString(cut.resolve("search.csv")));

    // Each machine runs one of the two next trainings in a folder of its own, and gets the other.
    Path left = dir.resolve("left");
    Path right = dir.resolve("right");
    String[] part = {same[0], same[1], same[2], "3", "--part"};
    runPart(left, part, "0/2");
    runPart(right, part, "1/2");
    assertEquals(1, results(left).size());
    assertEquals(1, results(right).size());
    assertFalse(results(left).equals(results(right)), "both have run the same");
    assertTrue(results(calm).containsAll(results(left)), "the first is needed");
    copyResults(right, left);
    assertFalse(runPart(left, part, "0/2"), "there is a third trial");
    assertEquals(3, results(left).size());
    for (int i = 0; !runPart(left, part, "0/1"); i++) { // what the guesses did not foresee
      assertTrue(i < 2, "it does not end");
    }
    again = search(left, same[0], same[1], same[2], "3").succeeds();
    assertFalse(again.err().stream().anyMatch(line -> line.contains("trial ")));
    assertEquals(csv, Files.readString(left.resolve("search.csv")));

    Program other = search(cut, same[0], same[1], same[2], "3", "--schedule", "paper");
    assertTrue(other.fails(1).contains("other settings"), other.err().getLast());
  }

  /**
   * Runs a part of a search, which prints and writes no table; returns whether nothing was left.
   */
  private static boolean runPart(Path out, String[] options, String part) {
    Program program =
        search(out, Stream.concat(Stream.of(options), Stream.of(part)).toArray(String[]::new))
            .succeeds();
    assertTrue(program.out().isEmpty(), program.out().toString());
    assertFalse(Files.exists(out.resolve("search.csv")));
    return program.err().stream().anyMatch(line -> line.startsWith("nothing is left to train"));
  }

  /** The folders of trainings that have a result. */
  private static List<String> results(Path out) throws IOException {
    return points(out).stream()
        .filter(name -> Files.exists(out.resolve(name).resolve("evaluation.json")))
        .toList();
  }

  private static void copyResults(Path from, Path to) throws IOException {
    for (String name : results(from)) {
      Path folder = Files.createDirectories(to.resolve(name));
      Path file = from.resolve(name).resolve("evaluation.json");
      Files.copy(file, folder.resolve("evaluation.json"));
    }
  }

  @Test
  void pointsThatDivergeAreGivenUp() throws IOException {
    Path file =
        Files.writeString(dir.resolve("space"), "# no weight survives it\nrate=1e30,1e-3\n");
    Path out = dir.resolve("diverging");
    String[] options = {"--rule", "none", "--seeds", "2", "--space", "@" + file};
    Program program = search(out, options).succeeds();
    String csv = Files.readString(out.resolve("search.csv"));
    assertTrue(csv.lines().anyMatch(line -> line.contains(",1" + "0".repeat(30) + ",,false")), csv);
    assertTrue(program.out().stream().anyMatch(line -> line.endsWith("| diverged |")));
    assertTrue(program.out().contains("best: rate=0.001"), program.out().toString());

    Path parts = dir.resolve("diverging-parts");
    String[] part = Stream.concat(Stream.of(options), Stream.of("--part")).toArray(String[]::new);
    for (int i = 0; !runPart(parts, part, "0/1"); i++) {
      assertTrue(i < 4, "there are four trainings at most");
    }
    search(parts, options).succeeds();
    assertEquals(csv, Files.readString(parts.resolve("search.csv")));
    assertEquals(results(out), results(parts), "the second seed of what diverges is left out");
  }
}

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

/** Both tables on a few images. */
class TablesCommandTest {
  @TempDir static Path dir;

  private static String images;

  @BeforeAll
  static void write() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 10, 3).toString();
  }

  private static Program table2(Path out, String... more) {
    String[] args = {
      "--methods",
      "hpca,frozen",
      "--regimes",
      "50,100",
      "--seeds",
      "2",
      "--epochs",
      "5,hpca=1",
      "--batch",
      "8",
      "--threads",
      "2",
      "--out",
      out.toString()
    };
    String[] tuning = {"--fine-tune-epochs", "1"};
    boolean given = more.length > 0 && more[0].equals(tuning[0]);
    return Program.onFolder(
        images,
        "table2",
        Stream.of(args, given ? new String[0] : tuning, more)
            .flatMap(Stream::of)
            .toArray(String[]::new));
  }

  @Test
  void aTableThatWasCutOffEndsTheSame() throws IOException {
    Path calm = dir.resolve("calm");
    Program first = table2(calm).succeeds();
    List<String> begun = first.err().stream().filter(line -> line.startsWith("cell ")).toList();
    assertEquals(8, begun.size(), begun::toString);
    assertEquals("cell 1 of 8: hpca, seed 0, 50% labels", begun.getFirst());
    String last = "cell 8 of 8: frozen, seed 1, 100% labels; about \\d+\\.\\d s left for all";
    assertTrue(begun.getLast().matches(last), begun.getLast());
    String csv = Files.readString(calm.resolve("table2.csv"));
    assertEquals(5, csv.lines().count(), csv);
    assertTrue(csv.contains("\nimages,50,hpca,2,"), csv);
    assertFalse(Files.exists(calm.resolve("hpca-seed0/50percent/model.safetensors")));
    String page = Files.readString(calm.resolve("tables.html"));
    assertTrue(page.contains("<polygon") && !page.contains("http"), page);
    assertTrue(
        page.contains("Learning curves") && page.contains("100 % of the labels, loss"), page);
    assertTrue(page.contains("frozen (control)") && page.contains(">chance<"), page);
    assertFalse(page.contains("Time of pre-training"), page);

    Path cut = dir.resolve("cut");
    Program none = table2(cut, "--budget", "0").succeeds();
    assertTrue(
        none.err().stream().anyMatch(line -> line.contains("out of time with 8 of 8 cells")));
    assertTrue(none.out().contains("| 50 % | not run | not run |"), none.out()::toString);
    table2(cut).succeeds();
    Files.delete(cut.resolve("hpca-seed1/100percent/cell.json"));
    Files.delete(cut.resolve("frozen-seed0/pretrained.safetensors"));
    table2(cut).succeeds();
    assertEquals(csv, Files.readString(cut.resolve("table2.csv")));

    Program other = table2(cut, "--fine-tune-epochs", "2");
    assertTrue(other.fails(1).contains("fine-tune-epochs is 1 there and 2"), other.fails(1));
    Path cell = cut.resolve("hpca-seed1/100percent/cell.json");
    String whole = Files.readString(cell);
    Files.writeString(cell, whole.replaceFirst("\"accuracy\": \\d", "\"accuracy\": 7"));
    String changed = table2(cut).fails(1);
    assertTrue(changed.contains("cell.json does not match its checksum"), changed);
    assertTrue(changed.endsWith("remove it and run again."), changed);
    Files.writeString(cell, whole);

    Program times = table1(calm).succeeds();
    assertTrue(times.out().getFirst().startsWith("| method | steps"), times.out().getFirst());
    assertTrue(times.err().contains("row 1 of 2: timing hpca, naive"), times.err()::toString);
    String timesCsv = Files.readString(calm.resolve("table1.csv"));
    assertTrue(timesCsv.contains("\nimages,hpca-fh,"), timesCsv);
    assertEquals(3, timesCsv.lines().count());
    String where = "As a page: " + calm.resolve("tables.html");
    assertTrue(times.err().contains(where) && first.err().contains(where), times.err()::toString);
    String both = Files.readString(calm.resolve("tables.html"));
    assertTrue(both.contains("<polygon") && both.contains("Time of pre-training"), both);
    assertTrue(both.contains("times faster") && !both.contains("http"), both);
  }

  /** Of four training images none is held out, so no cell has a validation accuracy. */
  @Test
  void tooFewImagesForValidation() throws IOException {
    String few = TinyImages.write(dir.resolve("few"), 2, 1).toString();
    Path out = dir.resolve("four");
    Program.onFolder(
            few,
            "table2",
            "--methods",
            "none",
            "--regimes",
            "100",
            "--seeds",
            "1",
            "--fine-tune-epochs",
            "1",
            "--out",
            out.toString())
        .succeeds();
    assertEquals(2, Files.readString(out.resolve("table2.csv")).lines().count());
  }

  @Test
  void theProtocolBest() throws IOException {
    Path out = dir.resolve("best");
    String[] options = {
      "--protocol", "best", "--methods", "hpca,none,supervised", "--regimes", "50", "--seeds", "1"
    };
    String[] more = {
      "--epochs", "1", "--batch", "8", "--fine-tune-epochs", "1", "--out", out.toString()
    };
    String[] all = Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new);
    Program.onFolder(images, "table2", all).succeeds();
    String csv = Files.readString(out.resolve("table2.csv"));
    for (String method : List.of("hpca", "none", "supervised")) {
      assertTrue(csv.contains("\nimages,50," + method + ",1,"), csv);
    }
    assertTrue(csv.contains(",best\n"), csv);
    assertTrue(Files.readString(out.resolve("tables.html")).contains("by the protocol best"));
    Path cell = out.resolve("none-seed0/50percent/cell.json");
    assertTrue(Files.readString(cell).contains("read_out=ridge"), "the control is read out alike");
    cell = out.resolve("supervised-seed0/50percent/cell.json");
    assertTrue(Files.readString(cell).contains("fine_tune_epochs=1"), "by backprop");
  }

  /** Shared features are gone at the end, and a table that was cut off ends the same. */
  @Test
  void setsOfLabels() throws IOException {
    Path calm = dir.resolve("sets");
    sets(calm).succeeds();
    String csv = Files.readString(calm.resolve("table2.csv"));
    assertTrue(csv.contains("\nimages,30,hpca,1,"), csv);
    assertTrue(csv.contains(",2,none,"), "two runs, and the gain over the control: " + csv);
    assertTrue(csv.contains("\nimages,100,hpca,1,"), csv);
    assertTrue(csv.contains(",1,none,"), "all labels are one set: " + csv);
    String page = Files.readString(calm.resolve("tables.html"));
    assertTrue(page.contains("2 sets of labels of one network"), page);
    assertTrue(page.contains("(none for hpca)"), page);
    assertFalse(Files.exists(calm.resolve("hpca-seed0/100percent-labels1")));
    assertFalse(Files.exists(calm.resolve("hpca-seed0/features.part")));
    assertFalse(Files.exists(calm.resolve("hpca-seed0/test-features.part")));

    Path cut = dir.resolve("sets-cut");
    sets(cut, "--regimes", "30", "--label-sets", "1").succeeds();
    Program rest = sets(cut).succeeds();
    assertTrue(
        rest.err().stream().anyMatch(line -> line.contains("hpca, seed 0, 30% labels, set 1")),
        rest.err()::toString);
    assertEquals(csv, Files.readString(cut.resolve("table2.csv")));
    assertTrue(
        sets(cut, "--label-sets", "0").fails(2).contains("--label-sets is 0; it must be at least"));
  }

  private static Program sets(Path out, String... more) {
    String[] usual = {
      "--protocol",
      "best",
      "--methods",
      "hpca,none",
      "--seeds",
      "1",
      "--epochs",
      "1",
      "--batch",
      "8",
      "--threads",
      "2",
      "--out",
      out.toString()
    };
    boolean given = List.of(more).contains("--regimes");
    String[] regimes = given ? new String[0] : new String[] {"--regimes", "30,100"};
    boolean sets = List.of(more).contains("--label-sets");
    String[] two = sets ? new String[0] : new String[] {"--label-sets", "2"};
    return Program.onFolder(
        images,
        "table2",
        Stream.of(usual, regimes, two, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private static Program table1(Path out) {
    return table1(out, 1);
  }

  private static Program table1(Path out, int naiveSteps) {
    String[] options = {
      "--methods", "hpca", "--batch", "8", "--naive-steps", Integer.toString(naiveSteps)
    };
    return Program.onFolder(
        images,
        "table1",
        Stream.concat(Stream.of(options), Stream.of("--out", out.toString()))
            .toArray(String[]::new));
  }

  @Test
  void table1CanLeaveOutNaiveForms() throws IOException {
    Path out = dir.resolve("fast");
    assertTrue(table1(out, 0).succeeds().err().contains("row 1 of 1: timing hpca"));
    String rows = Files.readString(out.resolve("table1.csv"));
    assertEquals(2, rows.lines().count(), rows);
    assertTrue(rows.contains("hpca-fh"), rows);
  }

  @Test
  void table1MakesItsFolderBeforeItWorks() throws IOException {
    Path out = dir.resolve("new").resolve("folder");
    table1(out).succeeds();
    assertTrue(Files.exists(out.resolve("table1.csv")));
    Program refused = table1(Files.writeString(dir.resolve("file"), ""));
    String sentence = refused.fails(1);
    assertTrue(sentence.contains("cannot make the output folder"), sentence);
    assertTrue(refused.err().stream().noneMatch(line -> line.contains("timing")), "no work");
  }
}

package org.fasthebb.tools.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fasthebb.tools.option.Protocol;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static Cell cell(String method, String regime, long seed, double accuracy) {
    return new Cell("", method, regime, seed, accuracy, accuracy / 2, 0.0, 1, 0);
  }

  /** A table of two regimes with two seeds each. */
  private static Table2 table(String data, int classes, List<Cell> cells) {
    List<String> methods = List.of("swta", "hpca", "none");
    return Table2.of(data, classes, cells, List.of("1", "7"), methods, 2, 1, Protocol.PAPER);
  }

  @Test
  void accuraciesOverSeeds() {
    List<Cell> cells =
        List.of(
            cell("swta", "1", 0, 0.30),
            cell("swta", "1", 1, 0.31),
            cell("hpca", "1", 1, 0.41),
            cell("hpca", "1", 0, 0.40),
            cell("none", "1", 0, 0.99),
            cell("none", "1", 1, 0.99),
            cell("hpca", "7", 0, 0.5));
    // t(1, 0.975) = 12.7062 times a standard error of 0.5.
    String expected =
        """
        dataset,regime,method,seeds,mean,ci95,paper,significant
        cifar10,1,swta,2,30.50,6.35,30.23,false
        cifar10,1,hpca,2,40.50,6.35,39.75,true
        cifar10,1,none,2,99.00,0.00,,false
        cifar10,7,hpca,1,50.00,,,false
        """;
    Table2 table = table("cifar10", 10, cells);
    assertEquals(expected, table.csv());
    assertEquals(
        """
        | labels | swta | hpca | none (control) |
        |---|---|---|---|
        | 1 % | 30.5 ± 6.4 (30.2) | **40.5** ± 6.4 (39.8) | 99.0 ± 0.0 |
        | 7 % | not run | 50.0, 1 of 2 seeds | not run |

        Top-1 test accuracy in percent: mean over seeds ± half of its 95 % confidence interval (the\
         paper's number). Bold: above chance, and better than each other method of the paper, at p\
         = 0.05 by t-tests. Chance: 10.0.
        """,
        new Table2Text(table).markdown());
    List<Cell> shuffled = new ArrayList<>(cells);
    shuffled.set(2, cells.get(3));
    shuffled.set(3, cells.get(2));
    assertEquals(expected, table("cifar10", 10, shuffled).csv(), "the order of seeds");
  }

  @Test
  void nothingIsSignificantThatIsNotAboveChance() {
    List<Cell> cells =
        List.of(
            cell("swta", "1", 0, 0.30),
            cell("swta", "1", 1, 0.31),
            cell("hpca", "1", 0, 0.40),
            cell("hpca", "1", 1, 0.41));
    Table2 top5 = table("data", 11, cells); // guessing five of 11 classes gives 45 %
    assertEquals(Optional.of(100 * 5.0 / 11), top5.chance());
    assertFalse(top5.row("1", "hpca").orElseThrow().significant());
    assertTrue(
        new Table2Text(top5).note().startsWith("Top-5 test accuracy"), new Table2Text(top5).note());
    assertTrue(table("data", 50, cells).row("1", "hpca").orElseThrow().significant());
    assertEquals(Optional.empty(), new Table2(List.of(), 0, null, null, null, 0, 0, null).chance());
  }

  @Test
  void imagenetBesideThePaper() {
    List<Cell> cells = List.of(cell("hpca", "5", 0, 0.24), cell("hpca", "5", 1, 0.26));
    List<String> methods = List.of("swta", "hpca", "none");
    Table2 table =
        Table2.of("imagenet", 1000, cells, List.of("5", "100"), methods, 2, 1, Protocol.PAPER);
    assertEquals(
        """
        | labels | swta | hpca | none (control) |
        |---|---|---|---|
        | 5 % | not run (24.9) | 25.0 ± 12.7 (23.3) | not run |
        | 100 % | not run (76.1) | not run (77.3) | not run |

        Top-5 test accuracy in percent: mean over seeds ± half of its 95 % confidence interval (the\
         paper's number). Bold: above chance, and better than each other method of the paper, at p\
         = 0.05 by t-tests. Chance: 0.5.

        Top-1 test accuracy in percent, mean over seeds:

        | labels | swta | hpca | none (control) |
        |---|---|---|---|
        | 5 % |  | 12.5 |  |
        | 100 % |  |  |  |
        """,
        new Table2Text(table).markdown());
    assertEquals(
        """
        dataset,regime,method,seeds,mean,ci95,paper,significant,top1
        imagenet,5,hpca,2,25.00,12.71,23.28,false,12.50
        """,
        table.csv());
    Table2 subset =
        Table2.of("imagenet classes=100", 100, cells, List.of("5"), methods, 2, 1, Protocol.PAPER);
    assertEquals("not run", new Table2Text(subset).words("5", "swta").accuracy());
    assertEquals(
        "",
        new Table2Text(subset).words("5", "swta").rest(),
        "the paper has no numbers of a subset");
    assertFalse(
        new Table2Text(subset).note().contains("paper's number"), new Table2Text(subset).note());
  }

  /** By the protocol best, the paper's best number stands beside ours, and all methods compete. */
  @Test
  void theProtocolBest() {
    List<Cell> cells =
        List.of(
            cell("softhebb", "1", 0, 0.55),
            cell("softhebb", "1", 1, 0.56),
            cell("none", "1", 0, 0.45),
            cell("none", "1", 1, 0.46));
    List<String> methods = List.of("softhebb", "none");
    Table2 table = Table2.of("cifar10", 10, cells, List.of("1"), methods, 2, 1, Protocol.BEST);
    assertEquals(
        """
        dataset,regime,method,seeds,mean,ci95,paper,significant,runs,control,gain,gain_ci95,protocol
        cifar10,1,softhebb,2,55.50,6.35,39.75,true,2,,,,best
        cifar10,1,none,2,45.50,6.35,39.75,false,2,,,,best
        """,
        table.csv());
    String text = new Table2Text(table).markdown();
    assertTrue(text.startsWith("| labels | best of the paper | softhebb | none (control) |"), text);
    assertTrue(text.contains("| 1 % | 39.8 | **55.5** ± 6.4 | 45.5 ± 6.4 |"), text);
    assertTrue(text.contains("by the protocol best: ridge regression"), text);
    Table2 shapes = Table2.of("shapes", 10, cells, List.of("1"), methods, 2, 1, Protocol.BEST);
    assertTrue(
        new Table2Text(shapes).markdown().startsWith("| labels | softhebb |"),
        "no numbers of the paper");
  }

  /** Methods that have a gain in some regimes only stand in the table's order; others do not. */
  @Test
  void gainsOfSomeMethods() {
    List<Cell> cells =
        List.of(
            cell("hpca", "1", 0, 0.4),
            cell("none", "1", 0, 0.3),
            cell("softhebb", "100", 0, 0.7),
            cell("softhebb-random", "100", 0, 0.5));
    List<String> methods = List.of("softhebb", "softhebb-random", "swta", "hpca", "none");
    Table2 table =
        Table2.of("shapes", 10, cells, List.of("1", "100"), methods, 1, 1, Protocol.BEST);
    Table2Text.Grid gains = new Table2Text(table).grids().getLast();
    assertEquals(List.of("softhebb", "hpca"), gains.columns());
    assertEquals("+20.0", gains.lines().getLast().cells().getFirst().accuracy());
    assertEquals("", gains.lines().getFirst().cells().getFirst().accuracy());
  }

  private static List<Cell> cells(String method, long seed, double... accuracies) {
    List<Cell> cells = new ArrayList<>();
    for (int set = 0; set < accuracies.length; set++) {
      cells.add(new Cell("", method, "1", seed, accuracies[set], null, 0.0, 1, set));
    }
    return cells;
  }

  private static Table2 best(int seeds, List<List<Cell>> cells) {
    List<String> methods = List.of("softhebb", "softhebb-random");
    List<Cell> all = cells.stream().flatMap(List::stream).toList();
    return Table2.of("shapes", 10, all, List.of("1", "100"), methods, seeds, 3, Protocol.BEST);
  }

  /**
   * Gains 10, 11 and 12: mean 11, standard error 1 / sqrt(3), and t(2, 0.975) = 4.30265. The
   * accuracies 50, 60 and 70 have the standard error 10 / sqrt(3).
   */
  @Test
  void setsOfLabelsOfOneNetwork() {
    Table2 table =
        best(
            1,
            List.of(
                cells("softhebb", 0, 0.5, 0.6, 0.7), cells("softhebb-random", 0, 0.4, 0.49, 0.58)));
    Table2.RegimeRow row = table.row("1", "softhebb").orElseThrow();
    assertEquals(60, row.mean(), 1e-9);
    assertEquals(4.30265 * 10 / Math.sqrt(3), row.ci95(), 1e-4);
    assertEquals(11, row.gain().mean(), 1e-9);
    assertEquals(4.30265 / Math.sqrt(3), row.gain().ci95(), 1e-4);
    assertTrue(row.gain().significant());
    assertTrue(row.significant(), "the pairs are of sets of labels");
    assertEquals(1, row.seeds());
    assertEquals(3, row.runs());
    String text = new Table2Text(table).markdown();
    assertTrue(text.contains("mean over 3 sets of labels of one network ±"), text);
    assertTrue(text.contains("(softhebb-random for softhebb)"), text);
    assertTrue(text.contains("| 1 % | **+11.0** ± 2.5 |\n"), text);
    assertTrue(table.csv().contains(",true,3,softhebb-random,11.00,2.48,best\n"), table.csv());
  }

  /** Networks have the means 50 and 70; t(1, 0.975) = 12.7062 times a standard error of 10. */
  @Test
  void setsOfLabelsOfSeveralNetworks() {
    Table2 table =
        best(
            2,
            List.of(
                cells("softhebb", 0, 0.4, 0.5, 0.6),
                cells("softhebb", 1, 0.7, 0.7, 0.7),
                cells("softhebb-random", 0, 0.3, 0.4, 0.5),
                cells("softhebb-random", 1, 0.55, 0.65)));
    Table2.RegimeRow row = table.row("1", "softhebb").orElseThrow();
    assertEquals(60, row.mean(), 1e-9);
    assertEquals(127.062, row.ci95(), 1e-3);
    assertEquals(10, row.gain().mean(), 1e-9, "of the sets that both have");
    assertEquals("", new Table2Text(table).words("100", "softhebb").rest());
    String text = new Table2Text(table).markdown();
    assertTrue(text.contains("2 networks, each with 3 sets of labels, ±"), text);
    assertTrue(text.contains(", 5 of 6 runs"), text);
  }

  /** What a file of an earlier version holds: rows and, later, the number of classes. */
  @Test
  void olderFiles() {
    Table2 whole =
        table("cifar10", 10, List.of(cell("hpca", "1", 0, 0.4), cell("swta", "7", 0, 0.4)));
    Table2 read = new Table2(whole.rows(), 0, null, null, null, 0, 0, null);
    assertEquals("cifar10", read.data());
    assertEquals(List.of("1", "7"), read.regimes());
    assertEquals(List.of("hpca", "swta"), read.methods());
    assertEquals("40.0", new Table2Text(read).words("1", "hpca").accuracy());
    assertEquals(
        " (39.8)", new Table2Text(read).words("1", "hpca").rest(), "the seeds are not known");
    assertTrue(
        new Table2Text(read).note().startsWith("Test accuracy in"), new Table2Text(read).note());
  }

  @Test
  void timesAndSpeedUps() {
    Table1 table =
        new Table1(
            List.of(
                new Table1.MethodRow("cifar10", "hpca", 383, 3, 625, 12, false),
                new Table1.MethodRow("cifar10", "hpca-fh", 19, 625, 625, 10, true)));
    assertEquals(
        """
        dataset,method,epoch_seconds,epochs,total_seconds,speedup,steps,steps_of_epoch
        cifar10,hpca,383.000,12.0,4596.000,,3,625
        cifar10,hpca-fh,19.000,10.0,190.000,20.16,625,625
        """,
        table.csv());
    assertEquals(
        """
        | method | steps timed | epoch, s | epochs | total, s | speed-up |
        |---|---|---|---|---|---|
        | hpca | 3 of 625 | 383.0 \\* (383) | 12.0 † (12) | 4596 |  |
        | hpca-fh | 625 of 625 | 19.0 (19) | 10.0 (12) | 190 | 20.2 (20.2) |

        In brackets: the paper, on an RTX 3060. \\* scaled up from the steps that were timed to all\
         steps of an epoch. † the paper's number of epochs; ours comes from a Table 2 in the same folder.
        """,
        table.markdown());
  }

  @Test
  void dataThatThePaperDoesNotHave() {
    Table2 accuracies = table("shapes", 10, List.of(cell("hpca", "1", 0, 0.4)));
    assertFalse(
        new Table2Text(accuracies).note().contains("paper's number"),
        new Table2Text(accuracies).note());
    Table1 times =
        new Table1(List.of(new Table1.MethodRow("shapes", "hpca-fh", 19, 3, 625, 1, false)));
    assertEquals(
        "* scaled up from the steps that were timed to all steps of an epoch. † not known, so taken"
            + " as 1; ours comes from a Table 2 in the same folder.",
        times.note());
  }

  @Test
  void numbersOfThePaper() {
    assertEquals(Optional.of(69.85), Paper.accuracy("cifar10", "25", "swta"));
    assertEquals(Optional.of(11.38), Paper.accuracy("tiny-imagenet", "1", "hpca"));
    assertEquals(Optional.empty(), Paper.accuracy("cifar10", "1", "none"));
    assertEquals(Optional.of(254.0), Paper.epochSeconds("cifar10", "swta"));
    assertEquals(Optional.of(7.0), Paper.epochs("cifar100", "hpca-fh"));
  }

  /** As the paper prints its columns for ImageNet. */
  @Test
  void numbersOfThePaperForImagenet() {
    double[][] accuracies = {
      {2.72, 6.69, 8.65},
      {6.14, 11.52, 13.64},
      {15.35, 15.67, 17.28},
      {23.97, 19.95, 20.39},
      {29.04, 24.87, 23.28},
      {43.73, 41.54, 34.27},
      {61.33, 59.34, 56.92},
      {76.84, 76.10, 77.28}
    };
    String[] regimes = {"1", "2", "3", "4", "5", "10", "25", "100"};
    String[] methods = {"vae", "swta", "hpca"};
    for (int r = 0; r < regimes.length; r++) {
      for (int m = 0; m < methods.length; m++) {
        assertEquals(
            Optional.of(accuracies[r][m]), Paper.accuracy("imagenet", regimes[r], methods[m]));
      }
    }
    assertTotal("vae", 16, 47, 49, 4);
    assertTotal("swta", 3, 315, 40, 12);
    assertTotal("swta-fh", 3, 10, 54, 18);
    assertTotal("hpca", 3, 467, 4, 57);
    assertTotal("hpca-fh", 3, 10, 57, 54);
  }

  /** The paper prints the time of an epoch, the epochs, and their product. */
  private static void assertTotal(
      String method, double epochs, int hours, int minutes, int seconds) {
    assertEquals(Optional.of(epochs), Paper.epochs("imagenet", method));
    double total = hours * 3600 + minutes * 60 + seconds;
    assertEquals(total, epochs * Paper.epochSeconds("imagenet", method).orElseThrow(), method);
  }
}

package org.fasthebb.tools.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static Cell cell(String method, String regime, long seed, double accuracy) {
    return new Cell("", method, regime, seed, accuracy, 0, 1);
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
    Table2 table = Table2.of("cifar10", 10, cells);
    assertEquals(expected, table.csv());
    assertEquals(
        """
        | labels | swta | hpca | none (control) |
        |---|---|---|---|
        | 1 % | 30.5 ± 6.4 (30.2) | **40.5** ± 6.4 (39.8) | 99.0 ± 0.0 |
        | 7 % |  | 50.0 |  |

        Test accuracy in percent: mean over seeds ± half of its 95 % confidence interval (the\
         paper's number). Bold: above chance, and better than each other method of the paper, at p\
         = 0.05 by t-tests. Chance: 10.0.
        """,
        table.markdown());
    List<Cell> shuffled = new ArrayList<>(cells);
    shuffled.set(2, cells.get(3));
    shuffled.set(3, cells.get(2));
    assertEquals(expected, Table2.of("cifar10", 10, shuffled).csv(), "the order of seeds");
  }

  @Test
  void nothingIsSignificantThatIsNotAboveChance() {
    List<Cell> cells =
        List.of(
            cell("swta", "1", 0, 0.30),
            cell("swta", "1", 1, 0.31),
            cell("hpca", "1", 0, 0.40),
            cell("hpca", "1", 1, 0.41));
    Table2 top5 = Table2.of("data", 11, cells); // guessing five of 11 classes gives 45 %
    assertEquals(Optional.of(100 * 5.0 / 11), top5.chance());
    assertFalse(top5.row("1", "hpca").orElseThrow().significant());
    assertTrue(top5.note().startsWith("Top-5 test accuracy"), top5.note());
    assertTrue(Table2.of("data", 50, cells).row("1", "hpca").orElseThrow().significant());
    assertEquals(Optional.empty(), new Table2(List.of(), 0).chance(), "an older file");
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
        dataset,method,epoch_seconds,epochs,total_seconds,speedup
        cifar10,hpca,383.000,12.0,4596.000,
        cifar10,hpca-fh,19.000,10.0,190.000,20.16
        """,
        table.csv());
    assertEquals(
        """
        | method | epoch, s | epochs | total, s | speed-up |
        |---|---|---|---|---|
        | hpca | 383.0 \\* (383) | 12.0 † (12) | 4596 |  |
        | hpca-fh | 19.0 (19) | 10.0 (12) | 190 | 20.2 (20.2) |

        In brackets: the paper, on an RTX 3060. \\* scaled up from fewer steps, at least 3 of 625.\
         † the paper's number of epochs; ours comes from a Table 2 in the same folder.
        """,
        table.markdown());
  }

  @Test
  void dataThatThePaperDoesNotHave() {
    Table2 accuracies = Table2.of("shapes", 10, List.of(cell("hpca", "1", 0, 0.4)));
    assertFalse(accuracies.note().contains("paper's number"), accuracies.note());
    Table1 times =
        new Table1(List.of(new Table1.MethodRow("shapes", "hpca-fh", 19, 3, 625, 1, false)));
    assertEquals(
        "* scaled up from fewer steps, at least 3 of 625. † not known, so taken as 1; ours comes"
            + " from a Table 2 in the same folder.",
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
}

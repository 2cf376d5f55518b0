package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.network.Architecture;
import org.junit.jupiter.api.Test;

class SplitTest {
  /** The paper uses 1,250,000 of ImageNet's 1,281,167 training images. */
  @Test
  void someImagesMayBeLeftUnused() {
    Split split = Split.of(1281, 1250, 50, 0.01, 1, 0);
    assertEquals(1200, split.train().length);
    assertEquals(50, split.validation().length);
    assertEquals(12, split.labelled().length);
    int[] all = Split.of(1281, 0, 1, 1).train();
    assertArrayEquals(Arrays.copyOf(all, 1200), split.train(), "the same shuffle");
    assertArrayEquals(Arrays.copyOfRange(all, 1200, 1250), split.validation());
    Settings settings =
        new Settings(
            PretrainSettings.of(Method.named("hpca").orElseThrow()),
            ReadOutSettings.of(ReadOut.FINE_TUNE, 0.01, Architecture.small()),
            0.04,
            1250,
            1);
    assertArrayEquals(split.train(), settings.split(1281).train());
    assertEquals(40, settings.split(1000).validation().length, "of fewer images, all are used");
    PaperData imagenet = PaperData.named("imagenet").orElseThrow();
    assertEquals(1_250_000, imagenet.images());
    assertEquals(50_000, (int) (imagenet.share() * imagenet.images()));
    String identity = settings.identity("x");
    assertTrue(identity.contains(" validation=0.04 images=1250 "), identity);
  }

  @Test
  void trainAndValidationTogetherHaveAllImages() {
    Split split = Split.of(1000, 200, 0.1, 1);
    assertEquals(800, split.train().length);
    assertEquals(200, split.validation().length);
    int[] all =
        IntStream.concat(IntStream.of(split.train()), IntStream.of(split.validation()))
            .sorted()
            .toArray();
    assertArrayEquals(IntStream.range(0, 1000).toArray(), all);
  }

  @Test
  void labelledImagesAreTheFirstOfTraining() {
    Split split = Split.of(1000, 200, 0.1, 1);
    assertArrayEquals(Arrays.copyOf(split.train(), 80), split.labelled());
  }

  @Test
  void labelledSetsAreNestedAndTheRestStays() {
    Split small = Split.of(1000, 200, 0.01, 1);
    Split large = Split.of(1000, 200, 1, 1);
    assertArrayEquals(small.labelled(), Arrays.copyOf(large.labelled(), 8));
    assertArrayEquals(small.validation(), large.validation());
    assertArrayEquals(large.train(), large.labelled());
  }

  @Test
  void paperRegimesHaveTheirCounts() {
    int[] percents = {1, 2, 3, 4, 5, 10, 25, 100};
    int[] counts = {400, 800, 1200, 1600, 2000, 4000, 10_000, 40_000};
    for (int i = 0; i < percents.length; i++) {
      Split split = Split.of(50_000, 10_000, percents[i] / 100.0, 200);
      assertEquals(counts[i], split.labelled().length);
    }
  }

  @Test
  void imageNetIsSplitAsInThePaper() {
    PaperData paper = PaperData.named("imagenet").orElseThrow();
    int[] percents = {1, 2, 3, 4, 5, 10, 25, 100};
    int[] counts = {12_000, 24_000, 36_000, 48_000, 60_000, 120_000, 300_000, 1_200_000};
    for (int i = 0; i < percents.length; i++) {
      Settings settings =
          new Settings(
              PretrainSettings.of(Method.named("hpca").orElseThrow()),
              ReadOutSettings.of(ReadOut.LINEAR, percents[i] / 100.0, Architecture.small()),
              paper.share(),
              paper.images(),
              200);
      Split split = settings.split(1_281_167);
      assertEquals(counts[i], split.labelled().length);
      assertEquals(1_200_000, split.train().length);
      assertEquals(50_000, split.validation().length);
      long distinct =
          IntStream.concat(IntStream.of(split.train()), IntStream.of(split.validation()))
              .distinct()
              .count();
      assertEquals(1_250_000, distinct);
    }
  }

  @Test
  void seedDecides() {
    assertArrayEquals(Split.of(100, 0, 1, 5).train(), Split.of(100, 0, 1, 5).train());
    assertFalse(Arrays.equals(Split.of(100, 0, 1, 5).train(), Split.of(100, 0, 1, 6).train()));
    assertEquals(0, Split.of(100, 0, 1, 5).validation().length);
  }

  @Test
  void arraysAreCopies() {
    Split split = Split.of(10, 5, 1, 1);
    split.train()[0] = -1;
    split.validation()[0] = -1;
    split.labelled()[0] = -1;
    assertFalse(split.train()[0] == -1 || split.validation()[0] == -1 || split.labelled()[0] == -1);
  }

  @Test
  void refusesFractionOutOfRange() {
    assertRefused(
        1.5,
        "labels must be over 0 % and at most 100 % of the 800 training images, but 150 %"
            + " (1200 images) was asked for.");
    assertRefused(
        0,
        "labels must be over 0 % and at most 100 % of the 800 training images, but 0 %"
            + " (0 images) was asked for.");
    assertRefused(
        -0.07,
        "labels must be over 0 % and at most 100 % of the 800 training images, but -7 %"
            + " (-56 images) was asked for.");
    assertRefused(
        Double.NaN,
        "labels must be over 0 % and at most 100 % of the 800 training images, but NaN %"
            + " (0 images) was asked for.");
  }

  @Test
  void refusesFractionOfNoImage() {
    assertRefused(
        0.0001,
        "labels of 0.01 % of the 800 training images is 0 images; it must be at least 0.0625 %"
            + " to have one.");
    assertEquals(1, Split.of(1000, 200, 0.000625, 1).labelled().length);
  }

  @Test
  void refusesValidationThatLeavesNoTraining() {
    for (int validation : new int[] {1000, -1}) {
      var error = assertThrows(DataException.class, () -> Split.of(1000, validation, 1, 1));
      assertEquals(
          "validation must be from 0 to 999 images, to leave some of the 1000 for training, but is "
              + validation
              + ".",
          error.getMessage());
    }
  }

  private static void assertRefused(double fraction, String message) {
    var error = assertThrows(DataException.class, () -> Split.of(1000, 200, fraction, 1));
    assertEquals(message, error.getMessage());
  }

  @Test
  void otherSetsOfLabelsAreOfTheSameTrainingImages() {
    Split first = Split.of(1000, 1000, 200, 0.05, 1, 0);
    Set<Integer> seen = new HashSet<>();
    for (int labelSet = 0; labelSet < 5; labelSet++) {
      Split small = Split.of(1000, 1000, 200, 0.05, 1, labelSet);
      assertArrayEquals(first.train(), small.train(), "pre-training is the same");
      assertArrayEquals(first.validation(), small.validation());
      assertEquals(40, Arrays.stream(small.labelled()).distinct().count());
      Arrays.stream(small.labelled()).forEach(seen::add);
      int[] large = Split.of(1000, 1000, 200, 1, 1, labelSet).labelled();
      assertArrayEquals(small.labelled(), Arrays.copyOf(large, 40), "more labels keep the fewer");
      Arrays.sort(large);
      assertArrayEquals(Arrays.stream(first.train()).sorted().toArray(), large);
    }
    // Of 800 images, five sets of 40 have 181 in the mean.
    assertTrue(seen.size() > 160 && seen.size() < 200, "other labels: " + seen.size());
  }
}

package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShapesTest {
  private static final int BYTES = 32 * 32 * 3;
  private static final DataSet DATA = Shapes.generate(2000, 1000, 1);

  @Test
  void hasTenClassesOf32By32ColourImages() {
    assertEquals("shapes", DATA.name());
    assertEquals(2000, DATA.train().size());
    assertEquals(1000, DATA.test().size());
    assertEquals(32, DATA.train().height());
    assertEquals(32, DATA.train().width());
    assertEquals(3, DATA.train().channels());
    assertEquals(10, Set.copyOf(DATA.train().classNames()).size());
    assertEquals("disc", DATA.train().classNames().getFirst());
  }

  @Test
  void everyTenImagesHoldEachClassOnceInVaryingOrder() {
    Set<String> orders = new HashSet<>();
    for (int start = 0; start < 2000; start += 10) {
      int[] block = Arrays.copyOfRange(DATA.train().labels(), start, start + 10);
      orders.add(Arrays.toString(block));
      assertEquals(10, IntStream.of(block).distinct().count());
    }
    assertTrue(orders.size() > 190);
  }

  @Test
  void imageDependsOnSeedAndIndexOnly() {
    DataSet small = Shapes.generate(37, 5, 1);
    assertPrefix(small.train(), DATA.train());
    assertPrefix(small.test(), DATA.test());
    assertEquals(DATA.fingerprint(), Shapes.generate(2000, 1000, 1).fingerprint());
  }

  @Test
  void seedsAndPartsShareNoImage() {
    DataSet other = Shapes.generate(500, 500, 2);
    Set<Integer> seen = new HashSet<>();
    for (ImageSource set :
        new ImageSource[] {DATA.train(), DATA.test(), other.train(), other.test()}) {
      for (int i = 0; i < set.size(); i++) {
        assertTrue(seen.add(Arrays.hashCode(image(set, i))));
      }
    }
    assertNotEquals(
        Shapes.generate(10, 10, 2).fingerprint(), Shapes.generate(10, 10, 3).fingerprint());
  }

  @Test
  void meanColourDoesNotRevealTheClass() {
    double[][] means = new double[10][3];
    for (int i = 0; i < 2000; i++) {
      double[] colour = meanColour(DATA.train(), i);
      for (int c = 0; c < 3; c++) {
        means[DATA.train().label(i)][c] += colour[c] / 200;
      }
    }
    int hits = 0;
    for (int i = 0; i < 1000; i++) {
      double[] colour = meanColour(DATA.test(), i);
      hits += nearest(means, colour) == DATA.test().label(i) ? 1 : 0;
    }
    assertTrue(hits < 160, "chance is 100 of 1000, but nearest mean colour has " + hits);
  }

  @Test
  void rawPixelsOfFewLabelledImagesSayLittle() {
    double[][] known = new double[100][];
    Arrays.setAll(known, i -> unsigned(DATA.train(), i));
    int hits = 0;
    for (int i = 0; i < 500; i++) {
      int neighbour = nearest(known, unsigned(DATA.test(), i));
      hits += DATA.train().label(neighbour) == DATA.test().label(i) ? 1 : 0;
    }
    assertTrue(hits < 175, "nearest neighbour has " + hits + " of 500");
  }

  @Test
  void shapesFillOutlinesOfTheirOwn() {
    // Every outline has an inside, fits the disc of radius 1.2, and covers points of its own.
    Set<String> masks = new HashSet<>();
    for (ShapeOutline outline : ShapeOutline.values()) {
      StringBuilder mask = new StringBuilder();
      int inside = 0;
      for (int i = 0; i < 60 * 60; i++) {
        int column = i % 60;
        int row = i / 60;
        double u = (column - 29.5) / 20;
        double v = (row - 29.5) / 20;
        boolean in = outline.distance(u, v) < 0;
        assertFalse(in && u * u + v * v > 1.2 * 1.2, outline + " is too large");
        inside += in ? 1 : 0;
        mask.append(in);
      }
      double area = inside / 400.0;
      assertTrue(area > 0.7 && area < 2.3, outline + " has area " + area);
      assertTrue(masks.add(mask.toString()));
    }
  }

  @Test
  void refusesEmptySets() {
    var error = assertThrows(DataException.class, () -> Shapes.generate(0, 10, 1));
    assertEquals(
        "the number of shapes to train on must be at least 1, but is 0.", error.getMessage());
    error = assertThrows(DataException.class, () -> Shapes.generate(1, -1, 1));
    assertEquals(
        "the number of shapes to test on must be at least 1, but is -1.", error.getMessage());
  }

  private static void assertPrefix(ImageSource small, ImageSource large) {
    assertArrayEquals(Arrays.copyOf(large.labels(), small.size()), small.labels());
    assertArrayEquals(
        Arrays.copyOf(Images.pixels(large), small.size() * BYTES), Images.pixels(small));
  }

  private static byte[] image(ImageSource set, int i) {
    byte[] bytes = new byte[BYTES];
    set.read(i, bytes, 0);
    return bytes;
  }

  private static double[] unsigned(ImageSource set, int i) {
    double[] values = new double[BYTES];
    byte[] bytes = image(set, i);
    Arrays.setAll(values, k -> Byte.toUnsignedInt(bytes[k]));
    return values;
  }

  private static double[] meanColour(ImageSource set, int i) {
    double[] mean = new double[3];
    double[] values = unsigned(set, i);
    for (int k = 0; k < BYTES; k++) {
      mean[k % 3] += values[k] * 3 / BYTES;
    }
    return mean;
  }

  private static int nearest(double[][] candidates, double[] point) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.length; i++) {
      double distance = 0;
      for (int k = 0; k < point.length; k++) {
        double difference = candidates[i][k] - point[k];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }
}

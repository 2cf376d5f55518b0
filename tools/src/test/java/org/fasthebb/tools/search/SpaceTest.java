package org.fasthebb.tools.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fasthebb.tools.option.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceTest {
  @Test
  void pointsHaveOneName() {
    Space space =
        new Space(List.of(SearchAxis.parse("dropout=0,0.50"), SearchAxis.parse("eta=1e-4,100E-5")));
    assertEquals(List.of(2, 2), space.sizes());
    assertEquals("eta=0.001 dropout=0.5", Space.words(space.at(List.of(1, 1)), " ", _ -> true));
    assertEquals(
        "eta=0.0001", Space.words(space.at(List.of(0, 0)), " ", Parameter::isOfPretraining));
  }

  /** The message must contain the last column. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate | no axis",
        "speed=1 | choose among eta, temperature, winners",
        "rate=fast | 'fast' is no number; rate must be over 0",
        "rate= | '' is no number",
        "rate=0 | rate is 0; it must be over 0",
        "rate=1e-60 | over 0",
        "dropout=0.5,1 | dropout is 1; it must be at least 0 and below 1",
        "epochs=2.5 | a whole number",
        "batch=1 | at least 2",
        "decay=1e-2,0.01 | 0.01 twice",
      })
  void badAxes(String text, String expected) {
    String sentence =
        assertThrows(IllegalArgumentException.class, () -> SearchAxis.parse(text)).getMessage();
    assertTrue(sentence.contains(expected), sentence);
  }

  @Test
  void badSpaces() {
    SearchAxis axis = SearchAxis.parse("rate=1");
    assertThrows(IllegalArgumentException.class, () -> new Space(List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Space(List.of(axis, axis)));
  }
}

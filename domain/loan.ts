/** A quantity of one part number. `quantity` is a whole number, 1 or more. */
export interface PartLine {
  partNumber: string;
  quantity: number;
}

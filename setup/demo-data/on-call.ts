/** The on-call ladders: three of the technical emergency team for each territory, whatever the class of product (R75, R77). */

const ladders: [territory: string, staff: [staffNumber: string, skills: string[]][]][] = [
  [
    'north',
    [
      ['ST-31', ['hydraulics', 'electrics']],
      ['ST-32', ['network', 'television']],
      ['ST-03', ['hydraulics', 'network', 'storage']],
    ],
  ],
  [
    'south',
    [
      ['ST-33', ['hydraulics', 'electrics']],
      ['ST-34', ['network', 'storage']],
      ['ST-03', ['hydraulics', 'network', 'storage']],
    ],
  ],
];

const classes = ['heavyEquipment', 'itProduct', 'homeAppliance', 'demoItProduct'];

/** Without a beginning and an end: a newcomer finds somebody on call at any hour. */
export const onCallDuties = classes.flatMap((product_class) =>
  ladders.flatMap(([territory, staff]) =>
    staff.map(([staff_number, skills], index) => ({
      territory,
      product_class,
      position: index + 1,
      staff_number,
      skills,
      period: '(,)',
    })),
  ),
);

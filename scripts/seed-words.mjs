// What the demo population is made of.
const place = (city, country, code, dial, latitude, longitude) => ({
  city,
  country,
  code,
  dial,
  at: [latitude, longitude],
});

export const cultures = [
  {
    language: 'English',
    tag: 'en-GB',
    first: ['Amelia', 'Oliver', 'Isla', 'George', 'Freya', 'Arthur', 'Poppy', 'Henry'],
    last: ['Ashworth', 'Bramley', 'Carrow', 'Dunmore', 'Ellwood', 'Fenwick', 'Garside'],
    places: [
      place('Leeds', 'United Kingdom', 'GB', 44, 53.8, -1.55),
      place('Bristol', 'United Kingdom', 'GB', 44, 51.45, -2.58),
    ],
  },
  {
    language: 'German',
    tag: 'de-DE',
    first: ['Jürgen', 'Anke', 'Matthias', 'Käthe', 'Florian', 'Ulrike', 'Sören', 'Heike'],
    last: ['Brückner', 'Dreßler', 'Eichholz', 'Fährmann', 'Grünwald', 'Haßloch', 'Köppen'],
    places: [place('Bremen', 'Germany', 'DE', 49, 53.08, 8.8), place('Dresden', 'Germany', 'DE', 49, 51.05, 13.74)],
  },
  {
    language: 'French',
    tag: 'fr-FR',
    first: ['Hélène', 'Jérôme', 'Aurélie', 'Benoît', 'Chloé', 'Étienne', 'Maëlle', 'Rémi'],
    last: ['Beauchêne', 'Carpentier', 'Delacroix', 'Fournel', 'Gérard', 'Lemaître', 'Moreau'],
    places: [place('Nantes', 'France', 'FR', 33, 47.22, -1.55), place('Grenoble', 'France', 'FR', 33, 45.19, 5.72)],
  },
  {
    language: 'Norwegian',
    tag: 'nb-NO',
    first: ['Ingrid', 'Bjørn', 'Sigrid', 'Håkon', 'Åse', 'Øystein', 'Liv', 'Torbjørn'],
    last: ['Aasen', 'Bjørnstad', 'Dahl', 'Fjeldstad', 'Grønli', 'Haugen', 'Lødrup'],
    places: [place('Bergen', 'Norway', 'NO', 47, 60.39, 5.32)],
  },
  {
    language: 'Spanish',
    tag: 'es-ES',
    first: ['Lucía', 'Íñigo', 'Begoña', 'Álvaro', 'Inés', 'Jesús', 'Nuria', 'Ramón'],
    last: ['Arrieta', 'Benítez', 'Castañeda', 'Echeverría', 'Galdós', 'Muñoz', 'Peñalver'],
    places: [place('Valencia', 'Spain', 'ES', 34, 39.47, -0.38), place('Bilbao', 'Spain', 'ES', 34, 43.26, -2.93)],
  },
  {
    language: 'Polish',
    tag: 'pl-PL',
    first: ['Agnieszka', 'Łukasz', 'Małgorzata', 'Paweł', 'Zofia', 'Wojciech', 'Grażyna', 'Michał'],
    last: ['Błaszczyk', 'Czajkowska', 'Dąbrowski', 'Gołębiewska', 'Jędrzejczak', 'Kościelna', 'Żurek'],
    places: [place('Gdańsk', 'Poland', 'PL', 48, 54.35, 18.65)],
  },
  {
    language: 'Japanese',
    tag: 'ja-JP',
    first: ['Haruka', 'Kenji', 'Yui', 'Daichi', 'Sakura', 'Takumi', 'Aoi', 'Ren'],
    last: ['Aoki', 'Fujimoto', 'Hoshino', 'Ishikawa', 'Kuroda', 'Matsuda', 'Nishimura'],
    places: [place('Kobe', 'Japan', 'JP', 81, 34.69, 135.19)],
  },
  {
    language: 'Hindi',
    tag: 'hi-IN',
    first: ['Aarav', 'Diya', 'Ishaan', 'Kavya', 'Rohan', 'Meera', 'Vikram', 'Anaya'],
    last: ['Bhattacharya', 'Chaudhary', 'Desai', 'Iyer', 'Kulkarni', 'Mehra', 'Nair'],
    places: [place('Pune', 'India', 'IN', 91, 18.52, 73.86)],
  },
];

export const jobs = [
  'Software engineer',
  'Product manager',
  'Data analyst',
  'Interaction designer',
  'Controller',
  'Recruiter',
  'Site reliability engineer',
  'Technical writer',
  'Account manager',
  'Legal counsel',
  'Logistics planner',
  'Test engineer',
  'Security architect',
  'Office manager',
];
export const roles = ['Lead', 'Member', 'Adviser', 'Owner', 'Deputy'];
export const summaries = [
  'Keeps the lights on.',
  'Builds what customers ask for.',
  'Turns numbers into decisions.',
  'Makes complicated things simple.',
  'Looks after people and plans.',
];
export const departments = ['Engineering', 'Research', 'Finance', 'People', 'Sales', 'Legal', 'Operations', 'Design'];
export const companies = [
  'Fabrikam',
  'Northwind Traders',
  'Adventure Works',
  'Tailspin Toys',
  'Wingtip Toys',
  'Litware',
  'Proseware',
  'Alpine Ski House',
  'Trey Research',
  'Woodgrove Bank',
];
export const streets = [
  'Harbour Street',
  'Mill Lane',
  'Station Road',
  'Old Market',
  'Garden Row',
  'Orchard Way',
  'Bridge Street',
];
export const programs = [
  { name: 'Computer science', short: 'BSc', fields: 'Algorithms, Databases' },
  { name: 'Mechanical engineering', short: 'MEng', fields: 'Robotics' },
  { name: 'Business administration', short: 'MBA', fields: 'Accounting, Strategy' },
  { name: 'Applied mathematics', short: 'MSc', fields: 'Statistics' },
  { name: 'Law', short: 'LLB', fields: 'Contracts' },
  { name: 'Industrial design', short: 'BA', fields: 'Ergonomics' },
];
export const interests = [
  'Chess',
  'Rock climbing',
  'Choir',
  'Photography',
  'Gardening',
  'Board games',
  'Long-distance running',
  'Astronomy',
  'Cooking',
  'Woodworking',
  'Sailing',
  'Bird watching',
];
export const skills = [
  'TypeScript',
  'SQL',
  'Data modelling',
  'Negotiation',
  'Public speaking',
  'Statistics',
  'Prototyping',
  'Project planning',
  'Technical writing',
  'Threat modelling',
  'Accounting',
  'Machine learning',
  'Accessibility',
  'C++',
  'Coaching',
  '3D modelling',
];
export const skillLevels = ['elementary', 'limitedWorking', 'generalProfessional', 'advancedProfessional', 'expert'];
export const languageLevels = [
  'elementary',
  'conversational',
  'limitedWorking',
  'professionalWorking',
  'fullProfessional',
];
export const languages = [
  { name: 'English', tag: 'en-GB' },
  { name: 'German', tag: 'de-DE' },
  { name: 'French', tag: 'fr-FR' },
  { name: 'Spanish', tag: 'es-ES' },
  { name: 'Italian', tag: 'it-IT' },
  { name: 'Portuguese', tag: 'pt-PT' },
];
export const categories = ['professional', 'personal', 'volunteering', 'learning', 'team'];
export const tags = ['askMeAbout', 'ableToMentor', 'wantsToLearn', 'wantsToImprove'];
export const projects = [
  'Data platform',
  'Customer portal',
  'Warehouse robots',
  'Green office',
  'Payroll renewal',
  'Mobile app',
  'Search relaunch',
  'Onboarding kit',
];
export const awards = ['Engineer of the year', 'Customer hero', 'Best poster', 'Innovation prize'];
export const certificates = [
  'Scrum master',
  'Cloud architect',
  'Project professional',
  'Safety officer',
  'Data protection officer',
];
export const notes = [
  'I work from home on Fridays.',
  'Ask me about databases & “odd” encodings.',
  "Don't hesitate to say hello!",
  'Usually to be found in the workshop.\nElse call.',
  'Happy to mentor newcomers.',
];
export const patents = ['Method for folding parcels', 'Silent keyboard switch', 'Adaptive route planning'];
export const publications = [
  'Queries that compose',
  'A field guide to schemas',
  'On the cost of meetings',
  'Small models, big data',
];
export const publishers = ['Lakeside Press', 'Meridian Journals', 'Open Shelf'];
export const responsibilities = [
  'On-call rota',
  'Budget of the department',
  'Release notes',
  'Fire warden',
  'Intern programme',
];
export const services = ['CodeHarbour', 'PhotoLoom', 'Chatterbox'];
